-- Forgets a file of an asset. $1 file.
DELETE FROM asset_file WHERE id = $1 RETURNING path
