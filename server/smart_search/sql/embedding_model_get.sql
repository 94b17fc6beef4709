-- The model the vectors are of, if known, and the length the column takes.
SELECT (SELECT m.name FROM plus.embedding_model m WHERE m.kind = 'clip') AS name,
       (SELECT a.atttypmod FROM pg_attribute a
        WHERE a.attrelid = 'smart_search'::regclass AND a.attname = 'embedding')::int AS dimension
