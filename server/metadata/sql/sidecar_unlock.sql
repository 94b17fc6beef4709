-- The sidecar holds what was locked: extraction may read it from there. Does nothing when the row changed meanwhile; the
-- change has its own job. $1 asset, $2 update id the sidecar was written from.
UPDATE asset_exif SET "lockedProperties" = NULL WHERE "assetId" = $1 AND "updateId" = $2
