-- The asset that is kept gets the tags of the others. $1 kept, $2 others.
INSERT INTO tag_asset ("tagId", "assetId")
SELECT DISTINCT ta."tagId", $1::uuid FROM tag_asset ta WHERE ta."assetId" = ANY ($2::uuid[])
ON CONFLICT DO NOTHING
