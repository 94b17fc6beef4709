-- The sound stream of a video. $1 asset, $2 bitrate, $3 index, $4 profile, $5 codec.
INSERT INTO asset_audio ("assetId", bitrate, index, profile, "codecName") VALUES ($1, $2, $3, $4, $5)
ON CONFLICT ("assetId") DO UPDATE SET bitrate = EXCLUDED.bitrate, index = EXCLUDED.index, profile = EXCLUDED.profile,
  "codecName" = EXCLUDED."codecName"
