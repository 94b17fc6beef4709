-- Members of albums: the owner first, then the viewer, then by name. $1 uuid[] albums, $2 viewer.
SELECT au."albumId", au.role, u.id, u.name, u.email, u."avatarColor", u."profileImagePath", u."profileChangedAt"
FROM album_user au
JOIN "user" u ON u.id = au."userId" AND u."deletedAt" IS NULL
WHERE au."albumId" = ANY($1::uuid[])
ORDER BY au."albumId", au.role <> 'owner', u.id <> $2, u.name, u.id
