-- A new notification. $1 user, $2 level, $3 type, $4 title, $5 description or null, $6 JSON object or null, $7 read at or null.
INSERT INTO notification ("userId", level, type, title, description, data, "readAt")
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7)
RETURNING id, "createdAt", level, type, title, description, data, "readAt"
