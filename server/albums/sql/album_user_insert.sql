-- Adds a member; nothing when he is one. $1 album, $2 user, $3 role.
INSERT INTO album_user ("albumId", "userId", role) VALUES ($1, $2, $3::album_user_role_enum) ON CONFLICT DO NOTHING
