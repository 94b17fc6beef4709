-- Albums among the given in which the user has one of the roles. $1 uuid[] albums, $2 user, $3 text[] roles.
SELECT al.id
FROM album al
JOIN album_user au ON au."albumId" = al.id AND au."userId" = $2
WHERE al.id = ANY($1::uuid[]) AND al."deletedAt" IS NULL AND au.role::text = ANY($3::text[])
