-- What is left of a user's quota, null when there is none. $1 user.
SELECT "quotaSizeInBytes" - "quotaUsageInBytes" FROM "user" WHERE id = $1
