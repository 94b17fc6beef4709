#include "server/server_info/media_type_list.hpp"

#include "media/mime/media_types.hpp"

namespace immich::server_info {

api::ServerMediaTypesResponseDto MediaTypeList() {
  api::ServerMediaTypesResponseDto list;
  for (const media::MediaType& type : media::AllMediaTypes()) {
    std::vector<std::string>& extensions = type.kind == media::MediaKind::kImage   ? list.image
                                           : type.kind == media::MediaKind::kVideo ? list.video
                                                                                   : list.sidecar;
    extensions.emplace_back(type.extension);
  }
  return list;
}

}  // namespace immich::server_info
