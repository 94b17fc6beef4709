-- The video of a live photo. $1 still.
SELECT v.id, v."originalPath" FROM asset s JOIN asset v ON v.id = s."livePhotoVideoId" WHERE s.id = $1
