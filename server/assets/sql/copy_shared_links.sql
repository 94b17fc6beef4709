-- Shows an asset in the shared links of another. $1 source, $2 target.
INSERT INTO shared_link_asset ("sharedLinkId", "assetId")
SELECT "sharedLinkId", $2 FROM shared_link_asset WHERE "assetId" = $1
ON CONFLICT DO NOTHING
