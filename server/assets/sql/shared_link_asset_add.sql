-- Adds an asset to a shared link of single assets. $1 link, $2 asset.
INSERT INTO shared_link_asset ("sharedLinkId", "assetId") VALUES ($1, $2) ON CONFLICT DO NOTHING
