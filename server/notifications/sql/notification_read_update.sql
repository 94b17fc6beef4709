-- Marks notifications read or unread. $1 uuid[] notifications, $2 read at or null.
UPDATE notification SET "readAt" = $2 WHERE id = ANY($1::uuid[])
