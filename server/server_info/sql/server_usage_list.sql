-- Photos, videos and bytes of every user, in the order of sign-up; bytes of photos, of videos and of all are those of
-- uploads, files of external libraries do not count. Motion videos (hidden) count as bytes only. No parameters.
SELECT u.id, u.name, u."quotaSizeInBytes", coalesce(s.photos, 0), coalesce(s.videos, 0),
  coalesce(s.photo_bytes, 0), coalesce(s.video_bytes, 0), coalesce(s.all_bytes, 0)
FROM "user" u
LEFT JOIN (
  SELECT a."ownerId" AS owner_id,
    count(*) FILTER (WHERE a.type = 'IMAGE' AND a.visibility <> 'hidden') AS photos,
    count(*) FILTER (WHERE a.type = 'VIDEO' AND a.visibility <> 'hidden') AS videos,
    sum(e."fileSizeInByte") FILTER (WHERE a."libraryId" IS NULL AND a.type = 'IMAGE')::int8 AS photo_bytes,
    sum(e."fileSizeInByte") FILTER (WHERE a."libraryId" IS NULL AND a.type = 'VIDEO')::int8 AS video_bytes,
    sum(e."fileSizeInByte") FILTER (WHERE a."libraryId" IS NULL)::int8 AS all_bytes
  FROM asset a
  JOIN asset_exif e ON e."assetId" = a.id
  WHERE a."deletedAt" IS NULL
  GROUP BY a."ownerId"
) s ON s.owner_id = u.id
ORDER BY u."createdAt"
