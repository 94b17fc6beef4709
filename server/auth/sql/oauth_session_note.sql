-- Keeps what a logout needs. $1 session, $2 the provider's name of the session or null, $3 ID token.
UPDATE session SET "oauthSid" = $2, "oauthBearerToken" = $3 WHERE id = $1
