"""Answers prompts greedily with a checkpoint: JSON lines of `train -ask` in, the same with replies out."""

import argparse
import json
import sys

import torch
import torch.nn.functional as F

import model
import stream

END = 6


class Decoder:
    """Turns token numbers into text; control tokens are left out, the thinking's are kept."""

    def __init__(self, tokenizer):
        printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
        others = [b for b in range(256) if b not in printable]
        letters = {chr(b): b for b in printable} | {chr(256 + i): b for i, b in enumerate(others)}
        self.bytes = [bytes(letters[c] for c in token) if i >= len(tokenizer["specials"]) else b""
                      for i, token in enumerate(tokenizer["vocab"])]
        for token in tokenizer["user_defined"]:
            self.bytes[tokenizer["vocab"].index(token)] = token.encode()

    def __call__(self, ids):
        return b"".join(self.bytes[i] for i in ids).decode("utf-8", "replace")


def greedy(params, config, rope, prompts, most):
    """Greedy replies to prompts of any lengths, decoded as one batch padded on the left."""
    width = max(map(len, prompts))
    pad = torch.tensor([width - len(p) for p in prompts])
    ids = torch.tensor([[0] * (width - len(p)) + p for p in prompts])
    caches = [[] for _ in range(config.layers)]
    replies, open_rows, seen = [[] for _ in prompts], set(range(len(prompts))), 0
    while open_rows and seen + ids.shape[1] <= config.context and seen < width + most:
        last = seen + ids.shape[1]
        places = torch.arange(seen, last)
        positions = (places[None] - pad[:, None]).clamp(min=0)
        cosine, sine = rope[0][positions][:, None], rope[1][positions][:, None]
        keys = torch.arange(last)
        hidden = (keys[None, None] < pad[:, None, None]) | (keys[None, None] > places[None, :, None])
        mask = torch.zeros(hidden.shape).masked_fill_(hidden, -1e9)[:, None]
        x = F.embedding(ids, params["embedding"])
        for i in range(config.layers):
            x = model.block(params, config, i, x, cosine, sine, mask, caches[i])
        logits = F.linear(model.norm(x[:, -1], params["norm"], config.eps), params["embedding"])
        following = logits.argmax(-1)
        for row in list(open_rows):
            token = following[row].item()
            if token == END:
                open_rows.discard(row)
            else:
                replies[row].append(token)
        ids, seen = following[:, None], last
    return replies


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("checkpoint")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--most", type=int, default=400, help="most tokens of a reply")
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_grad_enabled(False)
    state = torch.load(args.checkpoint, map_location="cpu")
    config, params = model.Config(**state["config"]), state["params"]
    rope = model.rope_table(config)
    with open(stream.TOKENIZER) as file:
        decode = Decoder(json.load(file))
    lines = sorted((json.loads(line) for line in sys.stdin), key=lambda x: (x["task"], len(x["ids"])))
    for start in range(0, len(lines), args.batch):
        group = lines[start : start + args.batch]
        for line, reply in zip(group, greedy(params, config, rope, [x.pop("ids") for x in group], args.most)):
            print(json.dumps(dict(line, reply=decode(reply))), flush=True)


if __name__ == "__main__":
    main()
