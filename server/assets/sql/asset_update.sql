-- Changes what is given of assets. $1 uuid[] assets, $2 favorite or null, $3 visibility or null, $4 whether the duplicate
-- group changes, $5 duplicate group or null, $6 taken at or null, $7 local date and time or null.
UPDATE asset
SET "isFavorite" = coalesce($2::boolean, "isFavorite"),
    visibility = coalesce($3::asset_visibility_enum, visibility),
    "duplicateId" = CASE WHEN $4::boolean THEN $5::uuid ELSE "duplicateId" END,
    "fileCreatedAt" = coalesce($6::timestamptz, "fileCreatedAt"),
    "localDateTime" = coalesce($7::timestamptz, "localDateTime")
WHERE id = ANY($1::uuid[])
