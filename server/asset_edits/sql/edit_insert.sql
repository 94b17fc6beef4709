-- Gives an asset its edits; a trigger keeps asset."isEdited". $1 asset, $2 text[] actions, $3 text[] parameters as JSON.
INSERT INTO asset_edit ("assetId", action, parameters, sequence)
SELECT $1, e.action, e.parameters::jsonb, e.position - 1
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS e (action, parameters, position)
