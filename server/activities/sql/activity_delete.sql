-- Takes back a comment or like, for its author or the owner of the album. $1 activity, $2 user.
DELETE FROM activity v
WHERE v.id = $1
  AND (v."userId" = $2 OR EXISTS (SELECT FROM album_user au
                                  WHERE au."albumId" = v."albumId" AND au."userId" = $2 AND au.role = 'owner'))
