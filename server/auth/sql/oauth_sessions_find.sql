-- Sessions a provider ends: those of its session, and of its user when given, too. $1 the provider's session or empty,
-- $2 subject or empty.
SELECT s.id
FROM session s
JOIN "user" u ON u.id = s."userId"
WHERE ($1::text = '' OR s."oauthSid" = $1) AND ($2::text = '' OR u."oauthId" = $2) AND ($1::text <> '' OR $2::text <> '')
