#include "ml/service/predict_form.hpp"

#include "ml/service/predict_entries.hpp"
#include "platform/http/multipart.hpp"

namespace immich::ml {
namespace {

constexpr std::size_t kMaxFieldBytes = 1024 * 1024;

class FormSink final : public http::MultipartSink {
 public:
  explicit FormSink(std::optional<std::uint64_t> body_bytes) : body_bytes_(body_bytes) {}

  Task<void> OnField(const http::PartInfo& part, std::string value) override {
    if (part.name == "entries") {
      form.entries = std::move(value);
    } else if (part.name == "text") {
      form.text = std::move(value);
    }
    co_return;
  }
  Task<void> OnFileBegin(const http::PartInfo& part) override {
    is_image_ = part.name == "image";
    if (!is_image_) co_return;
    form.image.emplace();
    if (body_bytes_ && *body_bytes_ <= kMaxImageBytes) form.image->reserve(*body_bytes_);
  }
  Task<void> OnFileData(std::span<const std::uint8_t> data) override {
    if (!is_image_) co_return;
    if (form.image->size() + data.size() > kMaxImageBytes) throw PayloadTooLarge("The image is too large");
    form.image->append(reinterpret_cast<const char*>(data.data()), data.size());
  }
  Task<void> OnFileEnd() override { co_return; }

  PredictForm form;

 private:
  std::optional<std::uint64_t> body_bytes_;
  bool is_image_ = false;
};

}  // namespace

Task<PredictForm> ReadPredictForm(http::Request& request) {
  constexpr std::size_t kMultipartMarginBytes = 2 * kMaxFieldBytes;
  const auto length = request.body->length();
  if (length && *length > kMaxImageBytes + kMultipartMarginBytes) throw PayloadTooLarge("The image is too large");
  const std::string_view type = request.headers.Get("content-type");
  if (type.starts_with("application/x-www-form-urlencoded")) {
    const std::string body = co_await request.body->ReadAll(kMaxFieldBytes);
    const auto fields = http::QueryParams::Parse(body);
    PredictForm form;
    if (const auto entries = fields.Find("entries")) form.entries = *entries;
    if (const auto text = fields.Find("text")) form.text = *text;
    co_return form;
  }
  if (!http::FindMultipartBoundary(type)) throw UnprocessableEntries();
  FormSink sink(length);
  http::MultipartLimits limits;
  limits.max_parts = 16;
  limits.max_field_bytes = kMaxFieldBytes;
  co_await http::ReadMultipart(request, limits, sink);
  co_return std::move(sink.form);
}

}  // namespace immich::ml
