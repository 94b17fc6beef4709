-- Makes a still a live photo. $1 still, $2 video.
UPDATE asset SET "livePhotoVideoId" = $2 WHERE id = $1
