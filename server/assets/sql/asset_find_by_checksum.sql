-- An uploaded (library-less) asset with this content. $1 owner, $2 SHA-1.
SELECT id FROM asset WHERE "ownerId" = $1 AND checksum = $2 AND "libraryId" IS NULL
