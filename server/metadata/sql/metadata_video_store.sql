-- The picture stream of a video. $1 asset, $2 bitrate, $3 frames, $4 time base, $5 index, $6 profile, $7 level,
-- $8 primaries, $9 transfer, $10 matrix, $11 to $13 Dolby Vision profile, level, compatibility, $14 codec, $15 format,
-- $16 its long name, $17 pixel format.
INSERT INTO asset_video ("assetId", bitrate, "frameCount", "timeBase", index, profile, level, "colorPrimaries",
                         "colorTransfer", "colorMatrix", "dvProfile", "dvLevel", "dvBlSignalCompatibilityId", "codecName",
                         "formatName", "formatLongName", "pixelFormat")
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT ("assetId") DO UPDATE SET
  bitrate = EXCLUDED.bitrate, "frameCount" = EXCLUDED."frameCount", "timeBase" = EXCLUDED."timeBase",
  index = EXCLUDED.index, profile = EXCLUDED.profile, level = EXCLUDED.level,
  "colorPrimaries" = EXCLUDED."colorPrimaries", "colorTransfer" = EXCLUDED."colorTransfer",
  "colorMatrix" = EXCLUDED."colorMatrix", "dvProfile" = EXCLUDED."dvProfile", "dvLevel" = EXCLUDED."dvLevel",
  "dvBlSignalCompatibilityId" = EXCLUDED."dvBlSignalCompatibilityId", "codecName" = EXCLUDED."codecName",
  "formatName" = EXCLUDED."formatName", "formatLongName" = EXCLUDED."formatLongName",
  "pixelFormat" = EXCLUDED."pixelFormat"
