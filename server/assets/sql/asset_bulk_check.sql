-- Which of these contents the owner has. $1 owner, $2 text[] SHA-1 in hex.
SELECT encode(checksum, 'hex'), id, "deletedAt" IS NOT NULL
FROM asset
WHERE "ownerId" = $1 AND "libraryId" IS NULL AND checksum IN (SELECT decode(item, 'hex') FROM unnest($2::text[]) AS item)
