-- Which of these assets a link has. $1 link, $2 uuid[] assets.
SELECT "assetId" FROM shared_link_asset WHERE "sharedLinkId" = $1 AND "assetId" = ANY($2::uuid[])
