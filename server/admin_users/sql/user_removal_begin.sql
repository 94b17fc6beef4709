-- Makes the deletion of an account final when it is due; no row when it is not, or was taken back. Answers its storage
-- label. $1 user, $2 whether it is due whatever its age, $3 moment before which a deletion is final.
UPDATE "user" SET status = 'removing'
WHERE id = $1 AND "deletedAt" IS NOT NULL AND ($2::boolean OR status = 'removing' OR "deletedAt" <= $3)
RETURNING coalesce("storageLabel", '')
