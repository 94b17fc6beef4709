-- Deletes a link. $1 link.
DELETE FROM shared_link WHERE id = $1
