-- Changes what is given. $1 person, $2 name or null, $3 change the birth date, $4 birth date or null, $5 hidden or null,
-- $6 favourite or null, $7 change the colour, $8 colour or null, $9 feature face or null.
UPDATE person SET
  name = coalesce($2, name),
  "birthDate" = CASE WHEN $3::boolean THEN ($4::text)::date ELSE "birthDate" END,
  "isHidden" = coalesce($5, "isHidden"),
  "isFavorite" = coalesce($6, "isFavorite"),
  color = CASE WHEN $7::boolean THEN $8 ELSE color END,
  "faceAssetId" = coalesce($9, "faceAssetId")
WHERE id = $1
RETURNING id, name, "birthDate", "thumbnailPath", "isHidden", "isFavorite", color, "updatedAt", "faceAssetId"
