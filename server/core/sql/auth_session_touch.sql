-- Notes that a session is in use. $1 session, $2 device type, $3 device system, $4 app version or null.
UPDATE session
SET "updatedAt" = now(), "deviceType" = $2, "deviceOS" = $3, "appVersion" = coalesce($4, "appVersion")
WHERE id = $1
