-- Pictures to look for faces in: all with a preview, or those nobody looked at. $1 all.
SELECT a.id
FROM asset a
LEFT JOIN asset_job_status s ON s."assetId" = a.id
WHERE a."deletedAt" IS NULL AND a.visibility <> 'hidden'
  AND EXISTS (SELECT FROM asset_file f WHERE f."assetId" = a.id AND f.type = 'preview' AND NOT f."isEdited")
  AND ($1::boolean OR s."facesRecognizedAt" IS NULL)
ORDER BY a."fileCreatedAt" DESC
