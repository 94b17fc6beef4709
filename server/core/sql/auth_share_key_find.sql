-- The live shared link of a key with its owner. $1 key bytes.
SELECT l.id, l."albumId", l."allowUpload", l."allowDownload", l."showExif", l.password,
       u.id, u.name, u.email, u."isAdmin", u."quotaSizeInBytes"
FROM shared_link l
JOIN "user" u ON u.id = l."userId" AND u."deletedAt" IS NULL
LEFT JOIN album a ON a.id = l."albumId"
WHERE l.key = $1 AND (l."expiresAt" IS NULL OR l."expiresAt" > now()) AND a."deletedAt" IS NULL
