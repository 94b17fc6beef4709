-- Marks the video of a purged live photo for deletion unless another still shows it. $1 video, $2 whether its files go too.
UPDATE asset
SET status = 'deleted', "deletedAt" = coalesce("deletedAt", now()), "isOffline" = "isOffline" OR NOT $2::boolean
WHERE id = $1 AND visibility = 'hidden' AND NOT EXISTS (SELECT FROM asset s WHERE s."livePhotoVideoId" = $1)
RETURNING id
