-- Deletes a tag and those below it. $1 tag.
DELETE FROM tag WHERE id = $1
