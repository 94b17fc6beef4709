-- Gives a tag another path and moves the tags below along. $1 tag, $2 old path, $3 new path.
UPDATE tag
SET value = $3 || substr(value, length($2::text) + 1)
WHERE id IN (SELECT id_descendant FROM tag_closure WHERE id_ancestor = $1) OR id = $1
