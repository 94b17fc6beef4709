-- An album and the member to tell about it; no row when he left or it is gone. $1 album, $2 user.
SELECT al."albumName", u.email, u.name
FROM album al
JOIN album_user au ON au."albumId" = al.id AND au."userId" = $2
JOIN "user" u ON u.id = au."userId" AND u."deletedAt" IS NULL
WHERE al.id = $1 AND al."deletedAt" IS NULL
