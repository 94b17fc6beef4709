-- What searches for text look at. $1 asset, $2 tokens.
INSERT INTO ocr_search ("assetId", text) VALUES ($1, $2)
ON CONFLICT ("assetId") DO UPDATE SET text = EXCLUDED.text
