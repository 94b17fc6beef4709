-- Records migrations whose work the original had done. $1 versions (int8[]), $2 names (text[]).
INSERT INTO plus.migration (version, name, adopted)
SELECT version, name, true
FROM unnest($1::bigint[], $2::text[]) AS done (version, name)
