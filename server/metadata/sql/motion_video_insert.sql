-- The video inside a motion photo becomes a hidden asset of its own, with the still's dates; no row when the owner has
-- this content already. $1 id, $2 owner, $3 library or null, $4 path, $5 taken at, $6 local date and time, $7 modified at,
-- $8 SHA-1, $9 file name, $10 external.
INSERT INTO asset (id, "ownerId", "libraryId", type, "originalPath", "fileCreatedAt", "localDateTime", "fileModifiedAt",
                   checksum, "checksumAlgorithm", "originalFileName", visibility, "isExternal")
VALUES ($1, $2, $3, 'VIDEO', $4, $5, $6, $7, $8, 'sha1', $9, 'hidden', $10)
ON CONFLICT DO NOTHING
RETURNING id
