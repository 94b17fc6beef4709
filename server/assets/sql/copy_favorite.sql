-- Makes an asset as favourite as another. $1 source, $2 target.
UPDATE asset SET "isFavorite" = source."isFavorite" FROM asset source WHERE asset.id = $2 AND source.id = $1
