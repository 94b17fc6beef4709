-- A new uploaded asset; no row when the owner already has this content. $1 id, $2 owner, $3 type, $4 path, $5 file created,
-- $6 file modified, $7 favorite, $8 visibility or null, $9 duration ms, $10 SHA-1, $11 live photo video, $12 file name.
INSERT INTO asset (id, "ownerId", type, "originalPath", "fileCreatedAt", "fileModifiedAt", "localDateTime", "isFavorite",
                   visibility, duration, checksum, "checksumAlgorithm", "livePhotoVideoId", "originalFileName")
VALUES ($1, $2, $3, $4, $5, $6, $5, $7, coalesce($8::asset_visibility_enum, 'timeline'), $9, $10, 'sha1', $11, $12)
ON CONFLICT ("ownerId", checksum) WHERE "libraryId" IS NULL DO NOTHING
RETURNING id
