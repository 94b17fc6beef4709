# Packages of npm-packages.lock, unpacked to .deps/npm/<name>. Sourced by tools/dev/dev_setup.sh.

npm_missing() {
  local name version integrity
  while read -r name version integrity; do
    [ "$(cat "$DEPS/npm/$name/.integrity" 2>/dev/null)" = "$integrity" ] || echo "$name $version $integrity"
  done < <(grep -v "^#" "$ROOT/tools/setup/npm-packages.lock")
}

# npm_install_one NAME VERSION INTEGRITY
npm_install_one() {
  local name=$1 version=$2 integrity=$3 work file hash
  work=$(mktemp -d "$DEPS/npm/.fetch.XXXXXX")
  (cd "$work" && npm pack --silent --ignore-scripts --pack-destination "$work" "$name@$version")
  file=$(ls "$work"/*.tgz)
  hash=sha512-$(openssl dgst -sha512 -binary "$file" | base64 -w 0)
  [ "$hash" = "$integrity" ] || { echo "$name@$version: the archive has $hash, the lock file wants $integrity"; return 1; }
  rm -rf "${DEPS:?}/npm/$name" && mkdir -p "$DEPS/npm/$name"
  # Archives of npm hold one folder, most often "package".
  if [ "$name" = onnxruntime-node ]; then
    tar -xzf "$file" -C "$DEPS/npm/$name" --strip-components=1 --wildcards \
      '*/package.json' "*/linux/$(npm_architecture)/libonnxruntime.so*"
  else
    tar -xzf "$file" -C "$DEPS/npm/$name" --strip-components=1
  fi
  echo "$integrity" >"$DEPS/npm/$name/.integrity"
  rm -rf "$work"
}

npm_architecture() { case "$(uname -m)" in aarch64) echo arm64 ;; *) echo x64 ;; esac; }

npm_install() {
  local name version integrity
  mkdir -p "$DEPS/npm" && rm -rf "$DEPS"/npm/.fetch.*
  while read -r name version integrity; do
    step "fetch $name $version" tools/setup/run_part.sh npm_install_one "$name" "$version" "$integrity" ||
      die "$name@$version could not be fetched" "check that npm reaches its registry: npm ping"
  done < <(npm_missing)
}
