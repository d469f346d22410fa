"""Writes a checkpoint as GGUF (F16; norms F32), the container of llama.cpp and Ollama, version 3."""

import argparse
import json
import struct

import numpy as np
import torch

import model
import stream

U32, I32, F32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
TENSOR_F32, TENSOR_F16 = 0, 1
ALIGNMENT = 32
PACK = {U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}


def text(s):
    data = s.encode()
    return struct.pack("<Q", len(data)) + data


def value(kind, v):
    return text(v) if kind == STRING else struct.pack(PACK[kind], v)


def entry(key, kind, v):
    """One pair of the metadata; a kind of (ARRAY, k) is an array of kind k."""
    if isinstance(kind, tuple):
        head = struct.pack("<IIQ", ARRAY, kind[1], len(v))
        return text(key) + head + b"".join(value(kind[1], x) for x in v)
    return text(key) + struct.pack("<I", kind) + value(kind, v)


def metadata(config, tokenizer, name):
    specials, shown = tokenizer["specials"], tokenizer["user_defined"]
    kinds = [1] * len(tokenizer["vocab"])
    for i, token in enumerate(specials):
        kinds[i] = 4 if token in shown else 3
    return [
        entry("general.architecture", STRING, "llama"),
        entry("general.name", STRING, name),
        entry("general.basename", STRING, name),
        entry("general.quantization_version", U32, 2),
        entry("general.file_type", U32, 1),
        entry("general.alignment", U32, ALIGNMENT),
        entry("llama.vocab_size", U32, config.vocab),
        entry("llama.context_length", U32, config.context),
        entry("llama.embedding_length", U32, config.width),
        entry("llama.block_count", U32, config.layers),
        entry("llama.feed_forward_length", U32, config.ffn),
        entry("llama.attention.head_count", U32, config.heads),
        entry("llama.attention.head_count_kv", U32, config.heads),
        entry("llama.attention.layer_norm_rms_epsilon", F32, config.eps),
        entry("llama.rope.dimension_count", U32, config.head),
        entry("llama.rope.freq_base", F32, config.rope_base),
        entry("tokenizer.ggml.model", STRING, "gpt2"),
        entry("tokenizer.ggml.pre", STRING, tokenizer["pre"]),
        entry("tokenizer.ggml.tokens", (ARRAY, STRING), tokenizer["vocab"]),
        entry("tokenizer.ggml.token_type", (ARRAY, I32), kinds),
        entry("tokenizer.ggml.merges", (ARRAY, STRING), [a + " " + b for a, b in tokenizer["merges"]]),
        entry("tokenizer.ggml.bos_token_id", U32, 1),
        entry("tokenizer.ggml.eos_token_id", U32, 6),
        entry("tokenizer.ggml.eot_token_id", U32, 6),
        entry("tokenizer.ggml.eos_token_ids", (ARRAY, I32), [6, 2]),
        entry("tokenizer.ggml.padding_token_id", U32, 0),
        entry("tokenizer.ggml.add_bos_token", BOOL, True),
        entry("tokenizer.ggml.add_eos_token", BOOL, False),
    ]


def tensors(config, params):
    """Names and arrays, the stacked matrices taken apart. Tied: there is no output.weight."""
    out = [("token_embd.weight", params["embedding"])]
    for i in range(config.layers):
        q, k, v = params[f"{i}.qkv"].split(config.width)
        gate, up = params[f"{i}.gate_up"].split(config.ffn)
        parts = [("attn_norm", params[f"{i}.norm1"]), ("attn_q", q), ("attn_k", k), ("attn_v", v),
                 ("attn_output", params[f"{i}.out"]), ("ffn_norm", params[f"{i}.norm2"]), ("ffn_gate", gate),
                 ("ffn_up", up), ("ffn_down", params[f"{i}.down"])]
        out += [(f"blk.{i}.{name}.weight", p) for name, p in parts]
    out.append(("output_norm.weight", params["norm"]))
    return [(name, p.float().contiguous().numpy()) for name, p in out]


def padding(size):
    return b"\0" * (-size % ALIGNMENT)


def write(path, config, params, tokenizer, name):
    infos, data, listed = b"", bytearray(), tensors(config, params)
    for title, array in listed:
        data += padding(len(data))
        kind = TENSOR_F32 if array.ndim == 1 else TENSOR_F16
        shape = b"".join(struct.pack("<Q", n) for n in reversed(array.shape))
        infos += text(title) + struct.pack("<I", array.ndim) + shape + struct.pack("<IQ", kind, len(data))
        data += array.astype(np.float32 if kind == TENSOR_F32 else np.float16).tobytes()
    pairs = metadata(config, tokenizer, name)
    head = struct.pack("<IIQQ", 0x46554747, 3, len(listed), len(pairs)) + b"".join(pairs) + infos
    with open(path, "wb") as file:
        file.write(head + padding(len(head)) + bytes(data))
        print(path, file.tell(), "bytes,", len(listed), "tensors")


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("checkpoint")
    p.add_argument("gguf")
    p.add_argument("--name", default="reprise-tiny")
    args = p.parse_args()
    state = torch.load(args.checkpoint, map_location="cpu")
    with open(stream.TOKENIZER) as file:
        tokenizer = json.load(file)
    config = model.Config(**state["config"])
    if len(tokenizer["vocab"]) != config.vocab:
        raise SystemExit(f"{stream.TOKENIZER} has {len(tokenizer['vocab'])} tokens, the checkpoint {config.vocab}")
    write(args.gguf, config, state["params"], tokenizer, args.name)


if __name__ == "__main__":
    main()
