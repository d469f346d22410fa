"""The training step on a CPU: bf16 products by oneDNN, everything between them in fused C kernels, the
backward pass by hand. It computes what model.loss_and_gradients computes, several times as fast."""

import ctypes
import os
import subprocess

import torch
import torch.nn.functional as F

BF16 = torch.bfloat16
HERE = os.path.dirname(os.path.abspath(__file__))


def supported(config):
    """The kernels need AVX-512 with BF16 and heads of 32."""
    try:
        flags = open("/proc/cpuinfo").read()
    except OSError:
        return False
    return "avx512_bf16" in flags and config.head == 32


def compile_kernels(folder):
    """Builds kernels.c into the folder and loads it."""
    library = os.path.join(folder, "kernels.so")
    command = "gcc -O3 -march=sapphirerapids -ffast-math -fopenmp -shared -fPIC".split()
    subprocess.run(command + [os.path.join(HERE, "kernels.c"), "-o", library, "-lm"], check=True)
    return ctypes.CDLL(library)


def pointer(tensor):
    return ctypes.c_void_p(None if tensor is None else tensor.data_ptr())


class Step:
    """One config's training step. Not for several threads: PyTorch and OpenMP bring their own."""

    def __init__(self, config, folder):
        self.config, self.c = config, compile_kernels(folder)

    def add_norm(self, x, add, weight):
        rows, width = x.shape
        total = x if add is None else torch.empty_like(x)
        normed, scale = torch.empty(rows, width, dtype=BF16), torch.empty(rows)
        self.c.add_norm(ctypes.c_long(rows), width, pointer(x), pointer(add), pointer(weight), pointer(total),
                        pointer(normed), pointer(scale), ctypes.c_float(self.config.eps))
        return total, normed, scale

    def norm_backward(self, x, weight, scale, dnormed, dx, dx16):
        rows, width = x.shape
        dweight = torch.zeros(width)
        self.c.norm_backward(ctypes.c_long(rows), width, pointer(x), pointer(weight), pointer(scale),
                             pointer(dnormed), pointer(dx), pointer(dx16), pointer(dweight))
        return dweight

    def loss_and_gradients(self, params, rope, ids, chosen, targets):
        """As model.loss_and_gradients: ids [rows, length]; chosen flat positions; their targets."""
        weights = {name: p.to(BF16) for name, p in params.items() if p.ndim == 2}
        x, add, saved = self.forward(params, weights, rope, ids)
        x, h, scale = self.add_norm(x, add, params["norm"])
        picked = h[chosen]
        logits = F.linear(picked, weights["embedding"])
        count = len(chosen)
        losses = torch.empty(count)
        self.c.cross_entropy(ctypes.c_long(count), self.config.vocab, pointer(logits), pointer(targets),
                             pointer(losses), ctypes.c_float(1.0 / count))
        gradients = {}
        dembedding = torch.mm(logits.t(), picked).float()
        dh = torch.zeros_like(h)
        dh[chosen] = F.linear(logits, weights["embedding"].t())
        dx, dx16 = torch.zeros_like(x), torch.empty_like(h)
        gradients["norm"] = self.norm_backward(x, params["norm"], scale, dh, dx, dx16)
        for i in reversed(range(self.config.layers)):
            self.backward(i, params, weights, rope, ids.shape, saved.pop(), dx, dx16, gradients)
        dembedding.index_add_(0, ids.reshape(-1), dx)
        gradients["embedding"] = dembedding
        return losses.mean().item(), gradients

    def forward(self, params, weights, rope, ids):
        rows, length = ids.shape
        heads, ffn, flat = self.config.heads, self.config.ffn, rows * length
        x, add, saved = params["embedding"][ids.reshape(-1)], None, []
        for i in range(self.config.layers):
            x, h1, scale1 = self.add_norm(x, add, params[f"{i}.norm1"])
            qkv = F.linear(h1, weights[f"{i}.qkv"])
            mixed = torch.empty(flat, self.config.width, dtype=BF16)
            logsum = torch.empty(heads * flat)
            self.c.attention(rows, length, heads, pointer(qkv), pointer(rope[0]), pointer(rope[1]),
                             pointer(mixed), pointer(logsum))
            middle, h2, scale2 = self.add_norm(x, F.linear(mixed, weights[f"{i}.out"]), params[f"{i}.norm2"])
            both = F.linear(h2, weights[f"{i}.gate_up"])
            act = torch.empty(flat, ffn, dtype=BF16)
            self.c.swiglu(ctypes.c_long(flat), ffn, pointer(both), pointer(act))
            add = F.linear(act, weights[f"{i}.down"])
            saved.append((x, h1, scale1, qkv, mixed, logsum, middle, h2, scale2, both, act))
            x = middle
        return x, add, saved

    def backward(self, i, params, weights, rope, shape, saved, dx, dx16, gradients):
        """Takes dx, the gradient of the layer's output, back to its input, in place."""
        x, h1, scale1, qkv, mixed, logsum, middle, h2, scale2, both, act = saved
        rows, length = shape
        gradients[f"{i}.down"] = torch.mm(dx16.t(), act)
        dact, dboth = F.linear(dx16, weights[f"{i}.down"].t()), torch.empty_like(both)
        self.c.swiglu_backward(ctypes.c_long(rows * length), self.config.ffn, pointer(both), pointer(dact),
                               pointer(dboth))
        gradients[f"{i}.gate_up"] = torch.mm(dboth.t(), h2)
        dh = F.linear(dboth, weights[f"{i}.gate_up"].t())
        gradients[f"{i}.norm2"] = self.norm_backward(middle, params[f"{i}.norm2"], scale2, dh, dx, dx16)
        gradients[f"{i}.out"] = torch.mm(dx16.t(), mixed)
        dmixed, dqkv = F.linear(dx16, weights[f"{i}.out"].t()), torch.empty_like(qkv)
        self.c.attention_backward(rows, length, self.config.heads, pointer(qkv), pointer(rope[0]), pointer(rope[1]),
                                  pointer(mixed), pointer(dmixed), pointer(logsum), pointer(dqkv))
        gradients[f"{i}.qkv"] = torch.mm(dqkv.t(), h1)
        dh = F.linear(dqkv, weights[f"{i}.qkv"].t())
        gradients[f"{i}.norm1"] = self.norm_backward(x, params[f"{i}.norm1"], scale1, dh, dx, dx16)
