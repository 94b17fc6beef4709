-- Deletes an account whose removal has begun, with everything that belongs to it. $1 user.
DELETE FROM "user" WHERE id = $1 AND status = 'removing'
