-- The session of a token with its user. $1 SHA-256 of the token.
SELECT s.id, s."updatedAt", s."pinExpiresAt", s."appVersion", s."expiresAt" IS NOT NULL,
       u.id, u.name, u.email, u."isAdmin", u."quotaSizeInBytes"
FROM session s
JOIN "user" u ON u.id = s."userId" AND u."deletedAt" IS NULL
WHERE s.token = $1 AND (s."expiresAt" IS NULL OR s."expiresAt" > now())
