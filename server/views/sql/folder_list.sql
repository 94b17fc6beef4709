-- Folders of the originals in a user's timeline, in the order of their bytes. $1 user.
SELECT DISTINCT
  left(a."originalPath", length(a."originalPath") - strpos(reverse(a."originalPath"), '/')) COLLATE "C" AS folder
FROM asset a
WHERE a."ownerId" = $1 AND a.visibility = 'timeline' AND a."deletedAt" IS NULL
ORDER BY folder
