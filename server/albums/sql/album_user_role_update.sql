-- Changes a member's role. $1 album, $2 user, $3 role.
UPDATE album_user SET role = $3::album_user_role_enum WHERE "albumId" = $1 AND "userId" = $2
