-- Forgets the text of a picture. $1 asset.
DELETE FROM asset_ocr WHERE "assetId" = $1
