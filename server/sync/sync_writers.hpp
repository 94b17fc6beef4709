#pragma once

#include <string>
#include <string_view>

#include "platform/pg/pg_result.hpp"
#include "server/core/ids.hpp"

namespace immich::sync {

/// Appends the JSON of an entity read from column 1 on; column 0 is the cursor. `viewer`: whose copy it is.
using Writer = void (*)(std::string& out, const pg::Row& row, UserId viewer);

/// Columns and writer of one kind of entity. The table aliases are those in the comments.
struct Shape {
  std::string_view columns;
  Writer write;
};

/// u: "user".
Shape AuthUserShape();
Shape UserShape();
/// p: partner.
Shape PartnerShape();
/// a: asset.
Shape AssetShape();
/// e: asset_exif.
Shape ExifShape();
/// m: asset_metadata.
Shape AssetMetadataShape();
/// d: asset_edit.
Shape EditShape();
/// o: asset_ocr.
Shape OcrShape();
/// s: stack.
Shape StackShape();
/// al: album. V1 has the owner.
Shape AlbumV1Shape();
Shape AlbumV2Shape();
/// au: album_user.
Shape AlbumUserShape();
/// aa: album_asset.
Shape AlbumToAssetShape();
/// m: memory.
Shape MemoryShape();
/// ma: memory_asset.
Shape MemoryToAssetShape();
/// p: person.
Shape PersonShape();
/// f: asset_face.
Shape FaceShape();
/// m: user_metadata.
Shape UserMetadataShape();

// x: the audit table.
Shape UserDeleteShape();
Shape PartnerDeleteShape();
Shape AssetDeleteShape();
Shape AssetMetadataDeleteShape();
Shape EditDeleteShape();
Shape OcrDeleteShape();
Shape StackDeleteShape();
Shape AlbumDeleteShape();
Shape AlbumUserDeleteShape();
Shape AlbumToAssetDeleteShape();
Shape MemoryDeleteShape();
Shape MemoryToAssetDeleteShape();
Shape PersonDeleteShape();
Shape FaceDeleteShape();
Shape UserMetadataDeleteShape();

}  // namespace immich::sync
