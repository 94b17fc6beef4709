-- Takes a tag off assets. $1 tag, $2 uuid[] assets.
DELETE FROM tag_asset WHERE "tagId" = $1 AND "assetId" = ANY($2::uuid[])
