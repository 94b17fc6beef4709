-- Changes a link. $1 link, $2 whether the description changes, $3 to what, $4 and $5 expiry alike, $6 and $7 password alike,
-- $8 slug or null, $9 uploads, $10 downloads, $11 metadata; null leaves these three as they are.
UPDATE shared_link
SET description = CASE WHEN $2 THEN $3 ELSE description END,
    "expiresAt" = CASE WHEN $4 THEN $5::timestamptz ELSE "expiresAt" END,
    password = CASE WHEN $6 THEN $7 ELSE password END,
    slug = $8,
    "allowUpload" = coalesce($9, "allowUpload"), "allowDownload" = coalesce($10, "allowDownload"),
    "showExif" = coalesce($11, "showExif")
WHERE id = $1
