-- Links in the given order with the ids of their single assets, oldest first. $1 uuid[] links.
SELECT l.id, l."userId", l.key, l.type, l."createdAt", l."expiresAt", l.description, l.password, l.slug, l."allowUpload",
       l."allowDownload", l."showExif", l."albumId",
       ARRAY(SELECT a.id FROM shared_link_asset s JOIN asset a ON a.id = s."assetId" AND a."deletedAt" IS NULL
             WHERE s."sharedLinkId" = l.id ORDER BY a."fileCreatedAt", a.id) AS assets
FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted(id, position)
JOIN shared_link l ON l.id = wanted.id
ORDER BY wanted.position
