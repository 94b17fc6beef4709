-- Changes a tag's colour. $1 tag, $2 colour or null.
UPDATE tag SET color = $2 WHERE id = $1
