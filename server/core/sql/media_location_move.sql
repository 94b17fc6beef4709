-- Rewrites every stored path after the media location changed. $1 old location, $2 new location, both without a slash at the end.
WITH assets AS (
  UPDATE asset SET "originalPath" = $2::text || substr("originalPath", length($1::text) + 1)
  WHERE starts_with("originalPath", $1::text || '/')
), files AS (
  UPDATE asset_file SET path = $2::text || substr(path, length($1::text) + 1) WHERE starts_with(path, $1::text || '/')
), persons AS (
  UPDATE person SET "thumbnailPath" = $2::text || substr("thumbnailPath", length($1::text) + 1)
  WHERE starts_with("thumbnailPath", $1::text || '/')
)
UPDATE "user" SET "profileImagePath" = $2::text || substr("profileImagePath", length($1::text) + 1)
WHERE starts_with("profileImagePath", $1::text || '/')
