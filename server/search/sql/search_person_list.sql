-- Persons whose name resembles a text, best first. $1 owner, $2 text, $3 hidden ones too.
SELECT p.id, p.name, p."birthDate", p."thumbnailPath", p."isHidden", p."isFavorite", p.color, p."updatedAt"
FROM person p
WHERE p."ownerId" = $1
  AND word_similarity(f_unaccent($2::text), f_unaccent(p.name)) >= 0.5
  AND ($3::boolean OR NOT p."isHidden")
ORDER BY word_similarity(f_unaccent($2::text), f_unaccent(p.name)) DESC, p.name, p.id
LIMIT 100
