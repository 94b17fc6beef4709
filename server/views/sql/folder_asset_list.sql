-- Assets of a user's timeline whose originals lie in a folder itself, by file name. $1 user, $2 folder with a slash at
-- the end.
SELECT a.id
FROM asset a
WHERE a."ownerId" = $1 AND a.visibility = 'timeline' AND a."deletedAt" IS NULL
  AND starts_with(a."originalPath", $2::text)
  AND strpos(substr(a."originalPath", length($2::text) + 1), '/') = 0
ORDER BY a."originalFileName", a.id
