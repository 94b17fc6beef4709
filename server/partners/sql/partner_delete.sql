-- A user stops sharing with another. $1 sharer, $2 receiver.
DELETE FROM partner WHERE "sharedById" = $1 AND "sharedWithId" = $2
