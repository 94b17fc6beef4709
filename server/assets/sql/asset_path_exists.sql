-- Whether any row refers to a file. $1 path.
SELECT 1 FROM asset WHERE "originalPath" = $1
