-- A user's wishes for archives: size of one in bytes or null, whether embedded videos are files of their own. $1 user.
SELECT (value -> 'download' ->> 'archiveSize')::bigint,
       coalesce((value -> 'download' ->> 'includeEmbeddedVideos')::boolean, false)
FROM user_metadata
WHERE "userId" = $1 AND key = 'preferences'
