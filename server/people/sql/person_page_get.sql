-- One page of a user's persons, with how many there are. Listed are those with a name or with enough faces that show in
-- the timeline. $1 owner, $2 enough faces, $3 hidden ones too, $4 limit, $5 offset, $6 sort by likeness to a face, $7 that
-- face or null.
WITH counted AS (
  SELECT f."personId" AS id, count(*) AS faces
  FROM asset_face f
  JOIN asset a ON a.id = f."assetId"
  WHERE a."ownerId" = $1 AND a.visibility = 'timeline' AND a."deletedAt" IS NULL
    AND f."deletedAt" IS NULL AND f."isVisible" AND f."personId" IS NOT NULL
  GROUP BY f."personId"
), listed AS (
  SELECT p.*, counted.faces
  FROM person p
  JOIN counted ON counted.id = p.id
  WHERE p."ownerId" = $1 AND (p.name <> '' OR counted.faces >= $2)
), page AS (
  SELECT p.id, p.name, p."birthDate", p."thumbnailPath", p."isHidden", p."isFavorite", p.color, p."updatedAt",
         row_number() OVER (ORDER BY p."isHidden", p."isFavorite" DESC,
           CASE WHEN $6::boolean THEN s.embedding <=> (SELECT r.embedding FROM face_search r WHERE r."faceId" = $7::uuid) END,
           p.name = '', p.faces DESC, p.name, p."createdAt", p.id) AS position
  FROM listed p
  LEFT JOIN face_search s ON s."faceId" = p."faceAssetId" AND $6::boolean
  WHERE $3::boolean OR NOT p."isHidden"
  ORDER BY position
  LIMIT $4 OFFSET $5
)
SELECT page.id, page.name, page."birthDate", page."thumbnailPath", page."isHidden", page."isFavorite", page.color,
       page."updatedAt", total.listed, total.hidden
FROM (SELECT count(*) AS listed, count(*) FILTER (WHERE "isHidden") AS hidden FROM listed) total
LEFT JOIN page ON true
ORDER BY page.position
