-- Takes assets off a link. $1 link, $2 uuid[] assets.
DELETE FROM shared_link_asset WHERE "sharedLinkId" = $1 AND "assetId" = ANY($2::uuid[])
