-- Albums of a user: owned, shared (owned or not), owned and not shared. $1 user.
SELECT count(*) FILTER (WHERE is_owner), count(*) FILTER (WHERE is_shared), count(*) FILTER (WHERE is_owner AND NOT is_shared)
FROM (
  SELECT me.role = 'owner' AS is_owner,
         (SELECT count(*) FROM album_user au WHERE au."albumId" = al.id) > 1
         OR EXISTS (SELECT FROM shared_link l WHERE l."albumId" = al.id) AS is_shared
  FROM album al
  JOIN album_user me ON me."albumId" = al.id AND me."userId" = $1
  WHERE al."deletedAt" IS NULL
) mine
