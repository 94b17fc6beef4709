-- Photos, videos and bytes by owner; bytes of photos, of videos and of all are those of uploads, files of external
-- libraries do not count. Motion videos (hidden) count as bytes only. No parameters.
SELECT a."ownerId",
  count(*) FILTER (WHERE a.type = 'IMAGE' AND a.visibility <> 'hidden'),
  count(*) FILTER (WHERE a.type = 'VIDEO' AND a.visibility <> 'hidden'),
  coalesce(sum(e."fileSizeInByte") FILTER (WHERE a."libraryId" IS NULL AND a.type = 'IMAGE'), 0)::int8,
  coalesce(sum(e."fileSizeInByte") FILTER (WHERE a."libraryId" IS NULL AND a.type = 'VIDEO'), 0)::int8,
  coalesce(sum(e."fileSizeInByte") FILTER (WHERE a."libraryId" IS NULL), 0)::int8
FROM asset a
JOIN asset_exif e ON e."assetId" = a.id
WHERE a."deletedAt" IS NULL
GROUP BY a."ownerId"
