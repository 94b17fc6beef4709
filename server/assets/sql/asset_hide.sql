-- Hides the video of a live photo; a row comes back when it was visible. $1 asset.
UPDATE asset SET visibility = 'hidden' WHERE id = $1 AND visibility <> 'hidden' RETURNING "ownerId"
