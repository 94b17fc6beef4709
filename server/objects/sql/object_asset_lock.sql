-- Nobody else changes the objects of an asset until the transaction ends. $1 asset.
SELECT id FROM asset WHERE id = $1 FOR NO KEY UPDATE
