-- Which of these assets carry a tag. $1 tag, $2 uuid[] assets.
SELECT "assetId" FROM tag_asset WHERE "tagId" = $1 AND "assetId" = ANY($2::uuid[])
