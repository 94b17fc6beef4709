-- Takes an asset out of its group. $1 asset.
UPDATE asset SET "duplicateId" = NULL WHERE id = $1 AND "duplicateId" IS NOT NULL
