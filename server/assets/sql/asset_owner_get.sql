-- Who owns an asset. $1 asset.
SELECT "ownerId" FROM asset WHERE id = $1
