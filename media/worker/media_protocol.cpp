#include "media/worker/media_protocol.hpp"

#include "media/worker/field_codec.hpp"
#include "platform/json/json_parse.hpp"

namespace immich::media {

namespace codec {

namespace {

/// Bytes of the UTF-8 sequence at the start of `text`; 0 when it is broken. Refuses overlong forms, surrogates and what
/// is beyond U+10FFFF.
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (first == 0xE0 && byte(1) < 0xA0) return 0;
  if (first == 0xED && byte(1) > 0x9F) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

}  // namespace

std::string RepairText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
      continue;
    }
    if (text.front() != '\0') out += text.substr(0, length);
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace codec

namespace {

const boost::json::object& ObjectOf(const json::Document& document) {
  if (!document.root().is_object()) throw BadRequest("media message: not an object");
  return document.root().get_object();
}

}  // namespace

template <class Order>
std::string EncodeOrder(const Order& order) {
  std::string out = R"({"order":)";
  json::AppendString(out, Order::kName);
  out += R"(,"data":)";
  codec::Append(out, order);
  out += '}';
  return out;
}

std::string OrderName(std::string_view message) {
  const json::Document document = json::Document::Parse(message);
  const boost::json::value* name = ObjectOf(document).if_contains("order");
  return name != nullptr && name->is_string() ? std::string(std::string_view(name->get_string())) : std::string();
}

template <class Order>
Order DecodeOrder(std::string_view message) {
  const json::Document document = json::Document::Parse(message);
  const boost::json::value* data = ObjectOf(document).if_contains("data");
  if (data == nullptr) throw BadRequest("media message: no data");
  Order order;
  codec::Take("data", *data, order);
  return order;
}

std::string EncodeFailure(const Failure& failure) {
  std::string out = R"({"failure":{"kind":)";
  json::AppendInt(out, static_cast<int>(failure.kind));
  out += R"(,"message":)";
  json::AppendString(out, codec::RepairText(failure.message));
  out += "}}";
  return out;
}

template <class Report>
std::string EncodeReply(const std::expected<Report, Failure>& reply) {
  if (!reply) return EncodeFailure(reply.error());
  std::string out = R"({"report":)";
  codec::Append(out, *reply);
  out += '}';
  return out;
}

template <class Report>
std::expected<Report, Failure> DecodeReply(std::string_view message) {
  const json::Document document = json::Document::Parse(message);
  const boost::json::object& object = ObjectOf(document);
  if (const boost::json::value* failure = object.if_contains("failure"); failure != nullptr && failure->is_object()) {
    const codec::MemberReader read{failure->get_object()};
    int kind = 0;
    std::string text;
    read("kind", kind);
    read("message", text);
    const bool is_known = kind >= 0 && kind <= static_cast<int>(FailureKind::kInternal);
    return Fail(is_known ? static_cast<FailureKind>(kind) : FailureKind::kInternal, std::move(text));
  }
  const boost::json::value* data = object.if_contains("report");
  if (data == nullptr) throw BadRequest("media message: no report");
  Report report;
  codec::Take("report", *data, report);
  return report;
}

#define IMMICH_INSTANTIATE(Order)                                                 \
  template std::string EncodeOrder(const Order&);                                 \
  template Order DecodeOrder<Order>(std::string_view);                            \
  template std::string EncodeReply(const std::expected<Order::Report, Failure>&); \
  template std::expected<Order::Report, Failure> DecodeReply<Order::Report>(std::string_view);
IMMICH_INSTANTIATE(ThumbnailOrder)
IMMICH_INSTANTIATE(MetadataOrder)
IMMICH_INSTANTIATE(EmbeddedVideoOrder)
IMMICH_INSTANTIATE(SidecarOrder)
IMMICH_INSTANTIATE(FaceCropOrder)
#undef IMMICH_INSTANTIATE

}  // namespace immich::media
