-- A new album with its owner. $1 album, $2 name, $3 description, $4 cover or null, $5 order, $6 owner.
WITH created AS (
  INSERT INTO album (id, "albumName", description, "albumThumbnailAssetId", "order") VALUES ($1, $2, $3, $4, $5) RETURNING id
)
INSERT INTO album_user ("albumId", "userId", role) SELECT id, $6, 'owner' FROM created
