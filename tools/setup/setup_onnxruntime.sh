# ONNX Runtime in .deps/onnxruntime: lib/libonnxruntime.so.1 of the npm package onnxruntime-node, include/ of Debian trixie's
# libonnxruntime-dev (API 21; the library is loaded at run time and keeps older APIs). Sourced by tools/dev/dev_setup.sh.
ONNXRUNTIME_VERSION=1.30.0-api21-r1
ONNXRUNTIME_DEV_SHA256=14f7d959d5deacbcf1504830d4189f91fc67382b399ed9ae9d3aa9c4050ced08

onnxruntime_ready() { [ "$(cat "$DEPS/onnxruntime/.version" 2>/dev/null)" = "$ONNXRUNTIME_VERSION" ]; }

onnxruntime_install() {
  local work=$DEPS/onnxruntime.new package library
  rm -rf "$work" && mkdir -p "$work/lib" "$work/include"
  library=$(find "$DEPS/npm/onnxruntime-node" -name 'libonnxruntime.so.1' | head -n 1)
  [ -n "$library" ] || { echo "the npm package onnxruntime-node holds no libonnxruntime.so.1"; return 1; }
  ln -s "../..${library#"$DEPS"}" "$work/lib/libonnxruntime.so.1"
  if (private_apt_binary trixie libonnxruntime-dev "$work/deb"); then
    package=$(ls "$work"/deb/*.deb)
  else
    package=$(shared_package 'libonnxruntime-dev_*_amd64.deb' "$ONNXRUNTIME_DEV_SHA256") ||
      { echo "libonnxruntime-dev is not in trixie of the mirror"; return 1; }
  fi
  dpkg -x "$package" "$work/unpacked"
  cp "$work"/unpacked/usr/include/onnxruntime/*.h "$work/include/"
  test -s "$work/lib/libonnxruntime.so.1"
  rm -rf "$work/deb" "$work/unpacked" "$DEPS/onnxruntime"
  echo "$ONNXRUNTIME_VERSION" >"$work/.version"
  mv "$work" "$DEPS/onnxruntime"
}
