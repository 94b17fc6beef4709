-- Forgets the text of all pictures.
WITH lines AS (DELETE FROM asset_ocr)
DELETE FROM ocr_search
