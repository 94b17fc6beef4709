#include "media/worker/work_orders.hpp"

#include <exception>
#include <new>

#include "platform/error/error.hpp"

namespace immich::media {

namespace {

template <class Order>
std::string AnswerTo(std::string_view message) {
  const Order order = DecodeOrder<Order>(message);
  return EncodeReply<typename Order::Report>(CarryOut(order));
}

std::string Dispatch(std::string_view message) {
  const std::string name = OrderName(message);
  if (name == ThumbnailOrder::kName) return AnswerTo<ThumbnailOrder>(message);
  if (name == MetadataOrder::kName) return AnswerTo<MetadataOrder>(message);
  if (name == EmbeddedVideoOrder::kName) return AnswerTo<EmbeddedVideoOrder>(message);
  if (name == SidecarOrder::kName) return AnswerTo<SidecarOrder>(message);
  if (name == FaceCropOrder::kName) return AnswerTo<FaceCropOrder>(message);
  return EncodeFailure({FailureKind::kInternal, "unknown order `" + name + "`"});
}

}  // namespace

std::string Answer(std::string_view message) {
  try {
    return Dispatch(message);
  } catch (const std::bad_alloc&) {
    return EncodeFailure({FailureKind::kTooLarge, "decoder exceeded its memory limit"});
  } catch (const InternalError& error) {
    return EncodeFailure({FailureKind::kInternal, error.detail()});
  } catch (const std::exception& error) {
    return EncodeFailure({FailureKind::kInternal, error.what()});
  }
}

}  // namespace immich::media
