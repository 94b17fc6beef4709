// Multipart forms: no input crashes the parser, and how the bytes are cut into pieces makes no difference.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "platform/async/event_loop.hpp"
#include "platform/http/multipart.hpp"

namespace {

using immich::Task;
using immich::http::MultipartLimits;
using immich::http::MultipartParser;
using immich::http::MultipartSink;
using immich::http::PartInfo;

class TextSink final : public MultipartSink {
 public:
  Task<void> OnField(const PartInfo& part, std::string value) override {
    text += "field:" + part.name + "=" + value + "\n";
    co_return;
  }
  Task<void> OnFileBegin(const PartInfo& part) override {
    text += "file:" + part.name + "|" + part.file_name.value_or("-") + "|" + part.content_type + "=";
    if (open) std::abort();
    open = true;
    co_return;
  }
  Task<void> OnFileData(std::span<const std::uint8_t> data) override {
    if (!open || data.empty()) std::abort();
    text.append(reinterpret_cast<const char*>(data.data()), data.size());
    co_return;
  }
  Task<void> OnFileEnd() override {
    if (!open) std::abort();
    open = false;
    text += "\n";
    co_return;
  }

  std::string text;
  bool open = false;
};

std::string Parse(std::string_view bytes, std::size_t piece_bytes) {
  std::string result;
  immich::RunToCompletion([&]() -> Task<void> {
    TextSink sink;
    MultipartLimits limits;
    limits.max_parts = 8;
    limits.max_part_header_bytes = 200;
    limits.max_field_bytes = 64;
    limits.max_fields_bytes = 128;
    MultipartParser parser("b-d", limits, sink);
    std::string error;
    try {
      for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
        const std::string_view piece = bytes.substr(at, piece_bytes);
        // A copy of exact size, so that reading past it is found.
        const std::vector<std::uint8_t> copy(piece.begin(), piece.end());
        co_await parser.Feed(copy);
      }
      parser.Finish();
    } catch (const immich::BadRequest& refusal) {
      error = refusal.what();
    }
    result = sink.text + "!" + error;
  });
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = Parse(bytes, bytes.size() + 1);
  const std::string pieces = Parse(bytes, 1 + data[0] % 16);
  // Data before a fault may reach the sink or not, depending on the pieces; the fault itself does not.
  const bool is_refused = !whole.ends_with('!');
  if (is_refused != !pieces.ends_with('!') || (!is_refused && whole != pieces)) std::abort();
  static_cast<void>(immich::http::FindMultipartBoundary(bytes));
  return 0;
}
