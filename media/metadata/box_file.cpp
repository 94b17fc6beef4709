#include "media/metadata/box_file.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <span>
#include <string_view>

#include "media/metadata/byte_view.hpp"
#include "media/metadata/jxl_size.hpp"
#include "media/metadata/positioned_file.hpp"

namespace immich::media {
namespace {

/// Largest `meta` box and metadata item read; real ones are a few kilobytes to some hundred.
constexpr uint64_t kMaxMetaBytes = 16 * 1024 * 1024;
constexpr uint64_t kMaxItemBytes = 16 * 1024 * 1024;
constexpr size_t kMaxTopLevelBoxes = 1000;
constexpr size_t kMaxItems = 10'000;

constexpr uint32_t FourCc(std::string_view text) {
  return static_cast<uint32_t>(text[0]) << 24 | static_cast<uint32_t>(text[1]) << 16 |
         static_cast<uint32_t>(text[2]) << 8 | static_cast<uint32_t>(text[3]);
}

struct Extent {
  uint64_t offset = 0;
  uint64_t length = 0;
};

struct Item {
  uint32_t type = 0;
  std::string content_type;
  bool in_idat = false;
  std::vector<Extent> extents;
  std::vector<uint16_t> properties;  ///< 1-based indexes into `ipco`
};

struct Property {
  uint32_t type = 0;
  std::span<const uint8_t> payload;
};

/// Calls `visit` for each box inside `bytes`; stops at the first one with an impossible size.
void ForEachBox(std::span<const uint8_t> bytes, const std::function<void(uint32_t, std::span<const uint8_t>)>& visit) {
  ByteView view(bytes);
  while (view.size() >= 8) {
    uint64_t size = view.U32();
    const uint32_t type = view.U32();
    uint64_t header = 8;
    if (size == 1) {
      size = view.Number(8);
      header = 16;
    } else if (size == 0) {
      size = header + view.size();
    }
    if (view.failed() || size < header || size - header > view.size()) return;
    visit(type, view.Take(static_cast<size_t>(size - header)));
  }
}

/// The parts of a HEIF `meta` box.
class MetaBox {
 public:
  explicit MetaBox(std::span<const uint8_t> payload) {
    if (payload.size() < 4) return;
    ForEachBox(payload.subspan(4), [this](uint32_t type, std::span<const uint8_t> body) {
      if (type == FourCc("pitm")) ReadPrimary(ByteView(body));
      if (type == FourCc("iinf")) ReadItemInfos(ByteView(body));
      if (type == FourCc("iloc")) ReadLocations(ByteView(body));
      if (type == FourCc("iprp")) ReadProperties(body);
      if (type == FourCc("idat")) idat_ = body;
    });
  }

  const std::map<uint32_t, Item>& items() const { return items_; }
  std::span<const uint8_t> idat() const { return idat_; }

  /// Properties of the primary item.
  void ForEachPrimaryProperty(const std::function<void(const Property&)>& visit) const {
    const auto primary = items_.find(primary_);
    if (primary == items_.end()) return;
    for (const uint16_t index : primary->second.properties) {
      if (index >= 1 && index <= properties_.size()) visit(properties_[index - 1U]);
    }
  }

  const std::vector<Property>& properties() const { return properties_; }

 private:
  void ReadPrimary(ByteView view) {
    const int version = view.U8();
    view.Take(3);
    primary_ = version == 0 ? view.U16() : view.U32();
  }

  void ReadItemInfos(ByteView view) {
    const int version = view.U8();
    view.Take(3);
    view.Take(version == 0 ? 2 : 4);
    ForEachBox(view.rest(), [this](uint32_t type, std::span<const uint8_t> body) {
      if (type == FourCc("infe") && items_.size() < kMaxItems) ReadItemInfo(ByteView(body));
    });
  }

  void ReadItemInfo(ByteView view) {
    const int version = view.U8();
    view.Take(3);
    if (version < 2) return;
    const uint32_t id = version == 2 ? view.U16() : view.U32();
    view.U16();  // protection
    Item& item = items_[id];
    item.type = view.U32();
    view.ZeroTerminated();  // name
    if (item.type == FourCc("mime")) item.content_type = view.ZeroTerminated();
  }

  void ReadLocations(ByteView view) {
    const int version = view.U8();
    view.Take(3);
    const uint16_t sizes = view.U16();
    const size_t offset_size = sizes >> 12 & 15;
    const size_t length_size = sizes >> 8 & 15;
    const size_t base_size = sizes >> 4 & 15;
    const size_t index_size = version == 0 ? 0 : sizes & 15;
    const uint32_t count = version < 2 ? view.U16() : view.U32();
    for (uint32_t i = 0; i < count && !view.failed() && i < kMaxItems; ++i) {
      const uint32_t id = version < 2 ? view.U16() : view.U32();
      const int method = version == 0 ? 0 : view.U16() & 15;
      view.U16();  // data reference
      const uint64_t base = view.Number(base_size);
      const uint16_t extents = view.U16();
      Item& item = items_[id];
      item.in_idat = method == 1;
      for (uint16_t e = 0; e < extents && !view.failed(); ++e) {
        view.Number(index_size);
        const uint64_t offset = view.Number(offset_size);
        item.extents.push_back({base + offset, view.Number(length_size)});
      }
      if (method > 1) item.extents.clear();
    }
  }

  void ReadProperties(std::span<const uint8_t> payload) {
    ForEachBox(payload, [this](uint32_t type, std::span<const uint8_t> body) {
      if (type == FourCc("ipco")) {
        ForEachBox(body, [this](uint32_t kind, std::span<const uint8_t> data) { properties_.push_back({kind, data}); });
      } else if (type == FourCc("ipma")) {
        ReadAssociations(ByteView(body));
      }
    });
  }

  void ReadAssociations(ByteView view) {
    const int version = view.U8();
    const bool wide = (view.Number(3) & 1) != 0;
    const uint32_t count = view.U32();
    for (uint32_t i = 0; i < count && !view.failed(); ++i) {
      const uint32_t id = version == 0 ? view.U16() : view.U32();
      const int associations = view.U8();
      for (int a = 0; a < associations && !view.failed(); ++a) {
        const uint16_t index = wide ? view.U16() & 0x7FFF : view.U8() & 0x7F;
        if (items_.size() < kMaxItems) items_[id].properties.push_back(index);
      }
    }
  }

  uint32_t primary_ = 0;
  std::map<uint32_t, Item> items_;
  std::vector<Property> properties_;
  std::span<const uint8_t> idat_;
};

std::vector<uint8_t> ReadItem(const PositionedFile& file, const MetaBox& meta, const Item& item) {
  std::vector<uint8_t> bytes;
  for (const Extent& extent : item.extents) {
    if (extent.length > kMaxItemBytes - bytes.size()) return {};
    if (item.in_idat) {
      const auto idat = meta.idat();
      if (extent.offset > idat.size() || extent.length > idat.size() - extent.offset) return {};
      const auto part = idat.subspan(extent.offset, extent.length);
      bytes.insert(bytes.end(), part.begin(), part.end());
    } else {
      const auto part = file.Read(extent.offset, extent.length);
      bytes.insert(bytes.end(), part.begin(), part.end());
    }
  }
  return bytes;
}

/// Exif payloads start with the distance to the TIFF header.
std::vector<uint8_t> StripExifOffset(std::vector<uint8_t> bytes) {
  ByteView view(bytes);
  const uint64_t skip = 4 + static_cast<uint64_t>(view.U32());
  if (view.failed() || skip >= bytes.size()) return {};
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(skip));
  return bytes;
}

void ApplyProperty(const Property& property, BoxedImage& out) {
  ByteView view(property.payload);
  if (property.type == FourCc("ispe")) {
    view.U32();
    const uint32_t width = view.U32();
    const uint32_t height = view.U32();
    if (!view.failed() && width < 1U << 30 && height < 1U << 30) {
      out.size = {static_cast<int>(width), static_cast<int>(height)};
    }
  } else if (property.type == FourCc("irot")) {
    out.rotation = view.U8() & 3;
  } else if (property.type == FourCc("pixi")) {
    view.U32();
    if (view.U8() > 0) out.bits_per_channel = view.U8();
  } else if (property.type == FourCc("colr")) {
    const uint32_t kind = view.U32();
    if (kind == FourCc("nclx")) {
      NclxColor color;
      color.primaries = view.U16();
      color.transfer = view.U16();
      color.matrix = view.U16();
      color.full_range = (view.U8() & 0x80) != 0;
      if (!view.failed()) out.nclx = color;
    } else if (kind == FourCc("prof") || kind == FourCc("rICC")) {
      out.icc.assign(view.rest().begin(), view.rest().end());
    }
  }
}

void ReadMeta(const PositionedFile& file, std::span<const uint8_t> payload, BoxedImage& out) {
  const MetaBox meta(payload);
  meta.ForEachPrimaryProperty([&](const Property& property) { ApplyProperty(property, out); });
  // A picture made of tiles may have colour and depth at its tiles only.
  for (const Property& property : meta.properties()) {
    const bool wanted = (property.type == FourCc("colr") && out.icc.empty() && !out.nclx) ||
                        (property.type == FourCc("pixi") && !out.bits_per_channel);
    if (wanted) ApplyProperty(property, out);
  }
  for (const auto& [id, item] : meta.items()) {
    if (item.type == FourCc("Exif") && out.exif.empty()) out.exif = StripExifOffset(ReadItem(file, meta, item));
    if (item.type == FourCc("mime") && item.content_type == "application/rdf+xml" && out.xmp.empty()) {
      const auto bytes = ReadItem(file, meta, item);
      out.xmp.assign(bytes.begin(), bytes.end());
    }
  }
}

/// Seconds by the movie header of an image sequence.
std::optional<double> MovieSeconds(std::span<const uint8_t> movie) {
  std::optional<double> seconds;
  ForEachBox(movie, [&seconds](uint32_t type, std::span<const uint8_t> body) {
    if (type != FourCc("mvhd") || seconds) return;
    ByteView view(body);
    const size_t time_bytes = view.U32() >> 24 == 1 ? 8 : 4;
    view.Take(2 * time_bytes);  // creation, modification
    const uint32_t ticks_per_second = view.U32();
    const uint64_t ticks = view.Number(time_bytes);
    if (view.failed() || ticks_per_second == 0) return;
    seconds = static_cast<double>(ticks) / ticks_per_second;
  });
  return seconds;
}

/// Handles one top-level box whose payload starts at `offset`.
void ReadTopLevel(const PositionedFile& file, uint32_t type, uint64_t offset, uint64_t length, BoxedImage& out) {
  if (type == FourCc("meta")) {
    if (length <= kMaxMetaBytes) ReadMeta(file, file.Read(offset, length), out);
  } else if (type == FourCc("moov")) {
    if (length <= kMaxMetaBytes) out.duration_seconds = MovieSeconds(file.Read(offset, length));
  } else if (type == FourCc("mpvd")) {
    out.motion_video = EmbeddedVideoTag{static_cast<int64_t>(offset), static_cast<int64_t>(length)};
  } else if (type == FourCc("Exif") && length <= kMaxItemBytes) {
    out.exif = StripExifOffset(file.Read(offset, length));
  } else if (type == FourCc("xml ") && length <= kMaxItemBytes) {
    const auto bytes = file.Read(offset, length);
    out.xmp.assign(bytes.begin(), bytes.end());
  } else if ((type == FourCc("jxlc") || type == FourCc("jxlp")) && out.size == ImageSize{}) {
    constexpr size_t kSizeHeaderBytes = 16;
    const auto codestream = file.Read(offset + (type == FourCc("jxlp") ? 4 : 0), kSizeHeaderBytes);
    out.size = JxlCodestreamSize(codestream).value_or(ImageSize{});
  }
}

}  // namespace

bool LooksLikeBoxedImage(const std::array<uint8_t, 16>& head) {
  constexpr std::array<std::string_view, 12> kBrands = {"heic", "heix", "heim", "heis", "hevc", "hevx",
                                                        "mif1", "msf1", "mif2", "avif", "avis", "miaf"};
  if (head[0] == 0xFF && head[1] == 0x0A) return true;  // JPEG XL codestream
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  if (text.substr(4, 4) == "JXL ") return true;
  return text.substr(4, 4) == "ftyp" && std::ranges::find(kBrands, text.substr(8, 4)) != kBrands.end();
}

std::expected<BoxedImage, Failure> ReadBoxedImage(const std::string& path) {
  const PositionedFile file(path);
  if (!file.is_open()) return Fail(FailureKind::kNotFound, std::strerror(errno));
  std::array<uint8_t, 16> head{};
  const auto first = file.Read(0, head.size());
  std::ranges::copy(first, head.begin());
  if (!LooksLikeBoxedImage(head)) return Fail(FailureKind::kUnsupported, "neither HEIF nor JPEG XL");

  BoxedImage out;
  if (head[0] == 0xFF) {
    out.size = JxlCodestreamSize(first).value_or(ImageSize{});
    return out;
  }
  uint64_t position = 0;
  for (size_t count = 0; count < kMaxTopLevelBoxes && position + 8 <= file.size(); ++count) {
    const auto header = file.Read(position, 16);
    ByteView view(header);
    uint64_t size = view.U32();
    const uint32_t type = view.U32();
    uint64_t header_bytes = 8;
    if (size == 1) {
      size = view.Number(8);
      header_bytes = 16;
    } else if (size == 0) {
      size = file.size() - position;
    }
    if (view.failed() || size < header_bytes || size > file.size() - position) break;
    ReadTopLevel(file, type, position + header_bytes, size - header_bytes, out);
    position += size;
  }
  return out;
}

}  // namespace immich::media
