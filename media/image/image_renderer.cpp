#include "media/image/image_renderer.hpp"

#include "media/image/image_module.hpp"
#include "media/module/module_loader.hpp"

namespace immich::media {
namespace {

auto Module() {
  return ModuleTable<ImageModule>(kImageModuleName, kImageModuleEntry);
}

}  // namespace

std::expected<RenderResult, Failure> RenderImage(const RenderRequest& request) {
  const auto module = Module();
  if (!module) return std::unexpected(module.error());
  return (*module)->render_file(request);
}

std::expected<Rendition, Failure> RenderFaceCrop(const FaceCropRequest& request) {
  const auto module = Module();
  if (!module) return std::unexpected(module.error());
  return (*module)->render_face_crop(request);
}

}  // namespace immich::media
