-- Changes what is given. $1 album, $2 name, $3 description, $4 cover, $5 activity, $6 order; null leaves as it is.
UPDATE album
SET "albumName" = coalesce($2, "albumName"), description = coalesce($3, description),
    "albumThumbnailAssetId" = coalesce($4, "albumThumbnailAssetId"),
    "isActivityEnabled" = coalesce($5, "isActivityEnabled"), "order" = coalesce($6, "order")
WHERE id = $1
