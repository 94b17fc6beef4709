-- The key frames of a video, in units of its time base. $1 asset, $2 pts, $3 accumulated durations, $4 own durations,
-- $5 total duration, $6 packets, $7 output frames.
INSERT INTO asset_keyframe ("assetId", pts, "accDuration", "ownDuration", "totalDuration", "packetCount", "outputFrames")
VALUES ($1, $2::bigint[]::integer[], $3::bigint[]::integer[], $4::bigint[]::integer[], $5, $6, $7)
ON CONFLICT ("assetId") DO UPDATE SET pts = EXCLUDED.pts, "accDuration" = EXCLUDED."accDuration",
  "ownDuration" = EXCLUDED."ownDuration", "totalDuration" = EXCLUDED."totalDuration",
  "packetCount" = EXCLUDED."packetCount", "outputFrames" = EXCLUDED."outputFrames"
