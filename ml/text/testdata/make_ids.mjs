// Writes ids.json: what an independent implementation (npm package `tokenizers`, the library the published models were made
// with) says about the texts of strings.mjs.
//
// usage: node make_ids.mjs FOLDER_WITH_NODE_MODULES CLIP_FOLDER      CLIP_FOLDER holds vocab.json and merges.txt
import { createRequire } from "node:module";
import { readFileSync, writeFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { strings } from "./strings.mjs";

const [modules, clip] = process.argv.slice(2);
const { Tokenizer } = createRequire(`${modules}/`)("tokenizers");
const here = fileURLToPath(new URL(".", import.meta.url));

function clipDescription() {
  const vocab = JSON.parse(readFileSync(`${clip}/vocab.json`, "utf8"));
  const merges = readFileSync(`${clip}/merges.txt`, "utf8").split("\n").filter((line) => line && !line.startsWith("#version"));
  const [start, end] = ["<|startoftext|>", "<|endoftext|>"];
  const added = [start, end].map((content) => ({
    id: vocab[content], content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }));
  return {
    version: "1.0", truncation: null, padding: null, added_tokens: added, decoder: null,
    normalizer: { type: "Sequence", normalizers: [
      { type: "NFC" }, { type: "Replace", pattern: { Regex: "\\s+" }, content: " " }, { type: "Lowercase" }] },
    pre_tokenizer: { type: "Sequence", pretokenizers: [
      { type: "Split", behavior: "Removed", invert: true,
        pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" } },
      { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true }] },
    post_processor: { type: "RobertaProcessing", sep: [end, vocab[end]], cls: [start, vocab[start]], trim_offsets: false, add_prefix_space: false },
    model: { type: "BPE", dropout: null, unk_token: end, continuing_subword_prefix: "", end_of_word_suffix: "</w>", fuse_unk: false, vocab, merges },
  };
}

async function idsOf(description) {
  const tokenizer = Tokenizer.fromString(description);
  const rows = [];
  for (const text of strings) rows.push((await tokenizer.encode(text, null)).getIds());
  return rows;
}

const ids = { clip: await idsOf(JSON.stringify(clipDescription())) };
for (const name of readdirSync(here).filter((file) => file.endsWith(".tokenizer.json")).sort()) {
  ids[name.replace(".tokenizer.json", "")] = await idsOf(readFileSync(here + name, "utf8"));
}
const lines = Object.entries(ids).map(([name, rows]) => `${JSON.stringify(name)}:[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}]`);
writeFileSync(`${here}ids.json`, `{"texts":[\n${strings.map((text) => JSON.stringify(text)).join(",\n")}],\n${lines.join(",\n")}}\n`);
