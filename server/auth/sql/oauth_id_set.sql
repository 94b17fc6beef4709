-- Ties an account to a provider's user. $1 user, $2 subject, empty to untie.
UPDATE "user" SET "oauthId" = $2 WHERE id = $1
