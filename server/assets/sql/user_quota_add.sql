-- Counts an upload against the owner's quota. $1 user, $2 bytes.
UPDATE "user" SET "quotaUsageInBytes" = "quotaUsageInBytes" + $2, "updatedAt" = now() WHERE id = $1
