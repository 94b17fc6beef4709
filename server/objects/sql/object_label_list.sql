-- The kinds of things in the timelines of users, most frequent first. $1 owners.
SELECT o.label, count(DISTINCT o."assetId")
FROM plus.asset_object o
JOIN asset a ON a.id = o."assetId"
WHERE a."ownerId" = ANY ($1::uuid[]) AND a.visibility = 'timeline' AND a."deletedAt" IS NULL
GROUP BY o.label
ORDER BY 2 DESC, 1
