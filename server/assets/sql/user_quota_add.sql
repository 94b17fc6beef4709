-- Counts an upload against the owner's quota; no row when it does not fit. $1 user, $2 bytes.
UPDATE "user"
SET "quotaUsageInBytes" = "quotaUsageInBytes" + $2
WHERE id = $1 AND ("quotaSizeInBytes" IS NULL OR "quotaUsageInBytes" + $2 <= "quotaSizeInBytes")
RETURNING id
