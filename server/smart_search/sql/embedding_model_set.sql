-- Notes the model the vectors are of from now on. $1 name.
INSERT INTO plus.embedding_model (kind, name) VALUES ('clip', $1)
ON CONFLICT (kind) DO UPDATE SET name = EXCLUDED.name
