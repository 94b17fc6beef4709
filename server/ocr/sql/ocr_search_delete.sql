-- A picture without text is not found by text. $1 asset.
DELETE FROM ocr_search WHERE "assetId" = $1
