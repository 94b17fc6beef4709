#include "media/metadata/icc_header.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "media/metadata/byte_view.hpp"
#include "media/metadata/utf16.hpp"

namespace immich::media {
namespace {

constexpr size_t kHeaderBytes = 128;
constexpr size_t kManufacturerOffset = 48;
constexpr uint32_t kDescTag = 0x64657363;          // 'desc'
constexpr uint32_t kTextDescription = 0x64657363;  // version 2
constexpr uint32_t kMultiLocalized = 0x6D6C7563;   // version 4, 'mluc'
constexpr uint32_t kMaxTags = 200;

constexpr auto kManufacturers = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"APPL", "Apple Computer Inc."},
    {"appl", "Apple Computer Inc."},
    {"ADBE", "Adobe Systems Inc."},
    {"HP  ", "Hewlett-Packard"},
    {"IEC ", "Hewlett-Packard"},
    {"MSFT", "Microsoft Corporation"},
    {"GOOG", "Google"},
    {"KODA", "Kodak"},
    {"SONY", "Sony Corporation"},
    {"NKON", "Nikon Corporation"},
    {"CANO", "Canon, Inc. (Canon Development Americas, Inc.)"},
    {"EPSO", "Seiko Epson Corporation"},
});

std::string DecodeText(std::span<const uint8_t> data) {
  ByteView view(data);
  const uint32_t type = view.U32();
  view.U32();
  if (type == kTextDescription) {
    const auto text = view.Take(view.U32());
    return std::string(ByteView(text).ZeroTerminated());
  }
  if (type != kMultiLocalized) return {};
  const uint32_t records = view.U32();
  view.U32();  // record size
  view.U32();  // language and country
  const uint32_t length = view.U32();
  const uint32_t offset = view.U32();
  if (records == 0 || view.failed() || offset > data.size() || length > data.size() - offset) return {};
  return Utf8FromUtf16(data.subspan(offset, length), true);
}

}  // namespace

std::string IccDescription(std::span<const uint8_t> icc) {
  if (icc.size() < kHeaderBytes) return {};
  ByteView view(icc.subspan(kHeaderBytes));
  const uint32_t count = view.U32();
  for (uint32_t i = 0; i < count && i < kMaxTags && !view.failed(); ++i) {
    const uint32_t tag = view.U32();
    const uint32_t offset = view.U32();
    const uint32_t length = view.U32();
    if (tag != kDescTag) continue;
    if (view.failed() || offset > icc.size() || length > icc.size() - offset) return {};
    return DecodeText(icc.subspan(offset, length));
  }
  return {};
}

std::string IccDeviceManufacturer(std::span<const uint8_t> icc) {
  if (icc.size() < kHeaderBytes) return {};
  const std::string_view code(reinterpret_cast<const char*>(icc.data()) + kManufacturerOffset, 4);
  for (const auto& [signature, name] : kManufacturers) {
    if (code == signature) return std::string(name);
  }
  for (const char c : code) {
    if (c < ' ' || c > '~') return {};
  }
  std::string name(code);
  while (!name.empty() && name.back() == ' ') name.pop_back();
  return name == "none" ? std::string() : name;
}

}  // namespace immich::media
