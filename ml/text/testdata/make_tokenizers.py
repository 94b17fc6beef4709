#!/usr/bin/env python3
"""Makes the small tokenizer.json files of this folder, one of every kind, from the texts of strings.mjs.

usage: make_tokenizers.py TEXTS OUT_FOLDER      needs Debian's python3-sentencepiece; TEXTS has one text a line

The vocabularies are trained by SentencePiece; what is around them follows the tokenizers of the published models: `unigram`
those of SigLIP and XLM-R, `bytes` that of SigLIP 2 (BPE with byte fallback), `metaspace` NLLB's, `wordpiece` LaBSE's,
`bytelevel` the byte-level ones with possessive patterns.
"""
import base64
import json
import pathlib
import sys
import tempfile

import sentencepiece

SPACE = "\u2581"


def fields(blob: bytes):
    """(number, bytes) of the length-delimited fields of a protobuf message."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = blob[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(blob):
        key = varint()
        if key & 7 == 0:
            varint()
        elif key & 7 == 1:
            at += 8
        elif key & 7 == 5:
            at += 4
        else:
            length = varint()
            yield key >> 3, blob[at:at + length]
            at += length


def train(texts: str, kind: str, size: int, rule: str, byte_fallback: bool = False):
    """(pieces with scores, character map) of a new model."""
    with tempfile.TemporaryDirectory() as folder:
        prefix = f"{folder}/model"
        sentencepiece.SentencePieceTrainer.train(
            input=texts, model_prefix=prefix, vocab_size=size, model_type=kind, normalization_rule_name=rule,
            character_coverage=0.98, byte_fallback=byte_fallback, hard_vocab_limit=False, minloglevel=2)
        blob = pathlib.Path(prefix + ".model").read_bytes()
        pieces = [line.rstrip("\n").rsplit("\t", 1) for line in open(prefix + ".vocab", encoding="utf-8")]
    normalizer = dict(fields(dict(fields(blob))[3]))
    return [(piece, float(score)) for piece, score in pieces], base64.b64encode(normalizer.get(2, b"")).decode()


def added(tokens: list[tuple[str, int]], **options):
    base = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return [{"id": number, "content": token} | base | options for token, number in tokens]


def template(before: list[tuple[str, int]], after: list[tuple[str, int]]):
    special = lambda token: {"SpecialToken": {"id": token[0], "type_id": 0}}
    return {"type": "TemplateProcessing",
            "single": [*map(special, before), {"Sequence": {"id": "A", "type_id": 0}}, *map(special, after)],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {name: {"id": name, "ids": [number], "tokens": [name]} for name, number in before + after}}


def merges_of(vocabulary: dict[str, int]) -> list[list[str]]:
    """The merges that make the tokens, in order of their ids (SentencePiece keeps no merges)."""
    merges = []
    for token, number in vocabulary.items():
        splits = [[token[:at], token[at:]] for at in range(1, len(token)) if token[:at] in vocabulary and token[at:] in vocabulary]
        splits.sort(key=lambda pair: (vocabulary[pair[0]], vocabulary[pair[1]]))
        merges += [(number, pair) for pair in splits]
    return [pair for _, pair in sorted(merges, key=lambda row: row[0])]


def unigram(texts: str):
    pieces, charsmap = train(texts, "unigram", 1200, "nmt_nfkc")
    rows = [["<pad>", 0.0], ["</s>", 0.0], *[[p, s] for p, s in pieces if p not in ("<s>", "</s>")]]
    unknown = [row[0] for row in rows].index("<unk>")
    rows.append(["<mask>", 0.0])
    return {"version": "1.0", "truncation": None, "padding": None,
            "added_tokens": added([("<pad>", 0), ("</s>", 1), ("<unk>", unknown)]) + added([("<mask>", len(rows) - 1)], lstrip=True),
            "normalizer": {"type": "Sequence", "normalizers": [
                {"type": "Precompiled", "precompiled_charsmap": charsmap},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": SPACE, "add_prefix_space": True}]},
            "post_processor": template([], [("</s>", 1)]), "decoder": None,
            "model": {"type": "Unigram", "unk_id": unknown, "vocab": rows}}


def byte_fallback_bpe(texts: str):
    pieces, _ = train(texts, "bpe", 1400, "identity", byte_fallback=True)
    names = ["<pad>", "<eos>", "<bos>", "<unk>"] + [p for p, _ in pieces if p not in ("<s>", "</s>", "<unk>")]
    vocabulary = {name: number for number, name in enumerate(names)}
    return {"version": "1.0", "truncation": None, "padding": None,
            "added_tokens": added([(name, number) for number, name in enumerate(names[:4])]),
            "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": SPACE},
            "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False},
            "post_processor": template([("<bos>", 2)], [("<eos>", 1)]), "decoder": None,
            "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
                      "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True, "ignore_merges": False,
                      "vocab": vocabulary, "merges": merges_of(vocabulary)}}


def metaspace_bpe(texts: str):
    pieces, _ = train(texts, "bpe", 1300, "identity")
    names = ["<s>", "<pad>", "</s>", "<unk>"] + [p for p, _ in pieces if p not in ("<s>", "</s>", "<unk>")]
    names += ["eng_Latn", "deu_Latn"]
    vocabulary = {name: number for number, name in enumerate(names)}
    special = [(name, vocabulary[name]) for name in [*names[:4], "eng_Latn", "deu_Latn"]]
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added(special),
            "normalizer": {"type": "Sequence", "normalizers": [
                {"type": "Nmt"}, {"type": "NFKC"}, {"type": "StripAccents"}, {"type": "Strip", "strip_left": True, "strip_right": True}]},
            "pre_tokenizer": {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "first", "split": True},
            "post_processor": template([("eng_Latn", vocabulary["eng_Latn"])], [("</s>", 2)]), "decoder": None,
            "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
                      "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": False, "vocab": vocabulary,
                      "merges": [" ".join(pair) for pair in merges_of(vocabulary)]}}


def wordpiece(texts: str):
    pieces, _ = train(texts, "unigram", 1200, "nmt_nfkc_cf")
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "##s", "##a"]
    for piece, _ in pieces[3:]:
        names += [piece[1:]] if piece.startswith(SPACE) else ["##" + piece, piece]
    vocabulary = {name: number for number, name in enumerate(dict.fromkeys(name for name in names if name))}
    return {"version": "1.0", "truncation": None, "padding": None,
            "added_tokens": added([(name, vocabulary[name]) for name in names[:5]]),
            "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}, "decoder": None,
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                      "vocab": vocabulary}}


def byte_level(texts: str):
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    alphabet = {byte: chr(byte) for byte in visible}
    for byte in range(256):
        alphabet.setdefault(byte, chr(256 + len(alphabet) - len(visible)))
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as written:
        for line in open(texts, encoding="utf-8"):
            written.write("".join(alphabet[byte] for byte in line.rstrip("\n").encode()) + "\n")
        written.flush()
        pieces, _ = train(written.name, "bpe", 900, "identity")
    names = list(alphabet.values()) + [p for p, _ in pieces[3:] if SPACE not in p]
    vocabulary = {name: number for number, name in enumerate(dict.fromkeys(names))}
    pattern = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
    start = len(vocabulary)
    tokens = [("<|begin|>", start), ("<|end|>", start + 1)]
    return {"version": "1.0", "truncation": None, "padding": None,
            "added_tokens": added(tokens) + added([("emoji", start + 2)], special=False, single_word=True, normalized=True),
            "normalizer": {"type": "NFC"},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "Digits", "individual_digits": True},
                {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False},
                {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}]},
            "post_processor": {"type": "Sequence", "processors": [
                {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True},
                template([tokens[0]], [tokens[1]])]},
            "decoder": None,
            "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
                      "fuse_unk": False, "byte_fallback": False, "ignore_merges": True, "vocab": vocabulary, "merges": merges_of(vocabulary)}}


def main() -> None:
    texts, out = sys.argv[1], pathlib.Path(sys.argv[2])
    made = {"unigram": unigram(texts)}
    made |= {"bytes": byte_fallback_bpe(texts), "metaspace": metaspace_bpe(texts), "wordpiece": wordpiece(texts),
             "bytelevel": byte_level(texts)}
    for name, description in made.items():
        (out / f"{name}.tokenizer.json").write_text(json.dumps(description, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
