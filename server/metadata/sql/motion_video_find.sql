-- An asset with this content in the same library. $1 owner, $2 library or null, $3 SHA-1.
SELECT id, visibility::text AS visibility FROM asset
WHERE "ownerId" = $1 AND "libraryId" IS NOT DISTINCT FROM $2 AND checksum = $3
LIMIT 1
