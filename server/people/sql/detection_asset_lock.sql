-- Nobody else changes the faces of an asset until the transaction ends. $1 asset.
SELECT id FROM asset WHERE id = $1 FOR NO KEY UPDATE
