-- Links still and video; the video is hidden and leaves its albums. A row when it was visible until now. $1 still, $2 video.
WITH linked AS (
  UPDATE asset SET "livePhotoVideoId" = $2 WHERE id = $1 AND "livePhotoVideoId" IS DISTINCT FROM $2
), left_albums AS (
  DELETE FROM album_asset WHERE "assetId" = $2
)
UPDATE asset SET visibility = 'hidden' WHERE id = $2 AND visibility <> 'hidden'
RETURNING id
