"""The model: a Llama with tied embeddings, as plain functions of a dictionary of fp32 tensors.

The names of the parameters are those of a layer's number and one of: norm1, qkv, out, norm2, gate_up,
down; and embedding and norm. qkv and gate_up are stacked matrices, one product each.
"""

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F


@dataclass
class Config:
    vocab: int = 1024
    width: int = 192
    layers: int = 6
    heads: int = 6
    ffn: int = 512
    context: int = 1024
    eps: float = 1e-5
    rope_base: float = 10000.0

    @property
    def head(self):
        return self.width // self.heads

    def state(self):
        return asdict(self)


def init(config, seed):
    """Fresh parameters. What writes into the residual stream begins small."""
    source = torch.Generator().manual_seed(seed)

    def matrix(rows, columns, gain):
        return torch.randn(rows, columns, generator=source) * gain / math.sqrt(columns)

    d, f = config.width, config.ffn
    params = {"embedding": torch.randn(config.vocab, d, generator=source) * 0.02, "norm": torch.ones(d)}
    for i in range(config.layers):
        params[f"{i}.norm1"] = torch.ones(d)
        params[f"{i}.qkv"] = matrix(3 * d, d, 0.7)
        params[f"{i}.out"] = matrix(d, d, 0.3)
        params[f"{i}.norm2"] = torch.ones(d)
        params[f"{i}.gate_up"] = matrix(2 * f, d, 0.7)
        params[f"{i}.down"] = matrix(d, f, 0.3)
    return params


def rope_table(config):
    """Cosines and sines, context x head/2."""
    rates = config.rope_base ** (-torch.arange(0, config.head, 2).float() / config.head)
    angles = torch.arange(config.context).float()[:, None] * rates
    return angles.cos().contiguous(), angles.sin().contiguous()


def turn(x, cosine, sine):
    """Turns the pairs (2i, 2i+1) of x [.., positions, head] by their positions."""
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack((a * cosine - b * sine, a * sine + b * cosine), -1).flatten(-2)


def norm(x, weight, eps):
    x = x.float()
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * weight


def attend(q, k, v, mask):
    scores = torch.matmul(q, k.transpose(-1, -2)).float() / math.sqrt(q.shape[-1]) + mask
    return torch.matmul(F.softmax(scores, -1).to(v.dtype), v)


def block(params, config, i, x, cosine, sine, mask):
    rows, length, d = x.shape
    h = norm(x, params[f"{i}.norm1"], config.eps)
    qkv = F.linear(h, params[f"{i}.qkv"]).view(rows, length, 3, config.heads, config.head)
    q, k, v = qkv.permute(2, 0, 3, 1, 4)
    q, k = turn(q, cosine, sine), turn(k, cosine, sine)
    mixed = attend(q.to(v.dtype), k.to(v.dtype), v, mask).transpose(1, 2).reshape(rows, length, d)
    x = x + F.linear(mixed, params[f"{i}.out"])
    h = norm(x, params[f"{i}.norm2"], config.eps)
    gate, up = F.linear(h, params[f"{i}.gate_up"]).chunk(2, -1)
    return x + F.linear(F.silu(gate) * up, params[f"{i}.down"])


def hidden(params, config, ids, rope):
    """The normed output of the last layer for ids [rows, length]."""
    length = ids.shape[1]
    cosine, sine = rope[0][:length], rope[1][:length]
    mask = torch.full((length, length), float("-inf"), device=ids.device).triu(1)
    x = F.embedding(ids, params["embedding"])
    for i in range(config.layers):
        x = block(params, config, i, x, cosine, sine, mask)
    return norm(x, params["norm"], config.eps)


def loss_and_gradients(params, config, rope, ids, chosen, targets):
    """Mean loss at the chosen flat positions of ids, and its gradients, by autograd in bf16."""
    leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
    with torch.enable_grad(), torch.autocast(ids.device.type, dtype=torch.bfloat16):
        h = hidden(leaves, config, ids, rope).flatten(0, 1)[chosen]
        loss = F.cross_entropy(F.linear(h, leaves["embedding"]).float(), targets)
        gradients = torch.autograd.grad(loss, list(leaves.values()))
    return loss.item(), dict(zip(leaves, gradients))
