-- Makes a person. $1 owner, $2 name, $3 birth date or null, $4 hidden, $5 favourite, $6 colour or null, $7 feature face or
-- null.
INSERT INTO person ("ownerId", name, "birthDate", "isHidden", "isFavorite", color, "faceAssetId")
VALUES ($1, $2, ($3::text)::date, $4, $5, $6, $7)
RETURNING id, name, "birthDate", "thumbnailPath", "isHidden", "isFavorite", color, "updatedAt", "faceAssetId"
