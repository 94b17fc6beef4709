-- What the asset that is kept takes over. $1 asset, $2 favourite, $3 visibility.
UPDATE asset SET "isFavorite" = $2, visibility = ($3::text)::asset_visibility_enum, "duplicateId" = NULL WHERE id = $1
