-- Unties all accounts from the provider.
UPDATE "user" SET "oauthId" = '' WHERE "oauthId" <> ''
