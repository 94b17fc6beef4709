#include "media/metadata/metadata_module.hpp"

#include "media/metadata/exiv2/exiv2_reader.hpp"
#include "media/metadata/exiv2/sidecar_writer.hpp"

const immich::media::MetadataModule* immich_media_metadata_module() {
  static constexpr immich::media::MetadataModule kModule = {.read_picture = immich::media::ReadPictureTags,
                                                            .read_sidecar = immich::media::ReadSidecarTags,
                                                            .update_sidecar = immich::media::UpdateSidecarPacket,
                                                            .panorama_packet = immich::media::ReadPanoramaPacket};
  return &kModule;
}
