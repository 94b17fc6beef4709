-- Deletes notifications; the rows stay until the clean-up. $1 uuid[] notifications.
UPDATE notification SET "deletedAt" = now() WHERE id = ANY($1::uuid[])
