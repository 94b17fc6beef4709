-- Holds the video of a live photo until the end of the transaction. $1 video.
SELECT 1 FROM asset WHERE id = $1 FOR UPDATE
