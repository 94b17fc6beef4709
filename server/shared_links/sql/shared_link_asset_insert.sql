-- Adds assets to a link. $1 link, $2 uuid[] assets.
INSERT INTO shared_link_asset ("sharedLinkId", "assetId") SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING
