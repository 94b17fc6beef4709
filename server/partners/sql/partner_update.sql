-- Shows or hides what a partner shares; no row when nothing is shared. $1 sharer, $2 receiver, $3 in the timeline.
WITH changed AS (
  UPDATE partner SET "inTimeline" = $3 WHERE "sharedById" = $1 AND "sharedWithId" = $2 RETURNING "sharedById", "inTimeline"
)
SELECT changed."inTimeline", u.id, u.name, u.email, u."avatarColor", u."profileImagePath", u."profileChangedAt"
FROM changed JOIN "user" u ON u.id = changed."sharedById" AND u."deletedAt" IS NULL
