-- Begins a session. $1 SHA-256 of the token, $2 user, $3 device type, $4 device system, $5 app version or null,
-- $6 parent session or null, $7 end or null.
INSERT INTO session (token, "userId", "deviceType", "deviceOS", "appVersion", "parentId", "expiresAt")
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id, "createdAt", "updatedAt"
