-- The stack of each asset that is in one. $1 uuid[] assets.
SELECT a.id, s.id, s."primaryAssetId",
       (SELECT count(*) FROM asset member WHERE member."stackId" = s.id AND member."deletedAt" IS NULL)
FROM asset a
JOIN stack s ON s.id = a."stackId"
WHERE a.id = ANY($1::uuid[])
