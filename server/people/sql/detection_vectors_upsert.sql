-- The vectors of faces. Parallel arrays: $1 faces, $2 vector literals.
INSERT INTO face_search ("faceId", embedding)
SELECT w.id, w.vector::vector FROM unnest($1::uuid[], $2::text[]) AS w (id, vector)
ON CONFLICT ("faceId") DO UPDATE SET embedding = EXCLUDED.embedding
