-- What the live-photo checks need of a video. $1 asset.
SELECT "ownerId", type, visibility FROM asset WHERE id = $1
