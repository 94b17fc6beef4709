-- Parts a live photo: the video shows wherever its still does. $1 still, $2 video.
WITH still AS (
  UPDATE asset SET "livePhotoVideoId" = NULL WHERE id = $1 AND "livePhotoVideoId" = $2 RETURNING visibility
)
UPDATE asset SET visibility = still.visibility FROM still WHERE asset.id = $2 RETURNING asset.id
