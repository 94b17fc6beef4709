-- A new link with its single assets. $1 link, $2 owner, $3 key, $4 type, $5 album or null, $6 description, $7 expires,
-- $8 password, $9 slug, $10 uploads, $11 downloads, $12 metadata, $13 uuid[] assets.
WITH made AS (
  INSERT INTO shared_link (id, "userId", key, type, "albumId", description, "expiresAt", password, slug, "allowUpload",
                           "allowDownload", "showExif")
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  RETURNING id
)
INSERT INTO shared_link_asset ("sharedLinkId", "assetId") SELECT made.id, a.id FROM made, (SELECT DISTINCT unnest($13::uuid[]) AS id) a
