-- Ties an account to a provider's user unless another account is. $1 user, $2 subject.
UPDATE "user" SET "oauthId" = $2
WHERE id = $1 AND NOT EXISTS (SELECT FROM "user" other WHERE other."oauthId" = $2 AND other.id <> $1)
