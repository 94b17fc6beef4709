-- Notes a version unless it was the last one. $1 version, as 3.2.2.
INSERT INTO version_history (version)
SELECT $1::varchar
WHERE $1::varchar IS DISTINCT FROM (SELECT version FROM version_history ORDER BY "createdAt" DESC LIMIT 1)
