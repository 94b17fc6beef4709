-- Which of these files are originals of assets. $1 text[] paths.
SELECT DISTINCT "originalPath" FROM asset WHERE "originalPath" = ANY($1::text[])
