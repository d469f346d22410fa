"""Compares the fused step with autograd in fp32 on a random batch, and times it."""

import tempfile
import time

import torch
import torch.nn.functional as F

import fused
import model


def reference(params, config, rope, ids, chosen, targets):
    leaves = {name: p.clone().requires_grad_() for name, p in params.items()}
    h = model.hidden(leaves, config, ids, rope).flatten(0, 1)[chosen]
    loss = F.cross_entropy(F.linear(h, leaves["embedding"]), targets)
    loss.backward()
    return loss.item(), {name: p.grad for name, p in leaves.items()}


def main():
    torch.set_num_threads(2)
    config = model.Config()
    params, rope = model.init(config, 1), model.rope_table(config)
    ids, targets = torch.randint(0, 1024, (7, 41)), torch.randint(0, 1024, (7, 41)).reshape(-1)
    chosen = torch.arange(0, 7 * 41, 2)
    with tempfile.TemporaryDirectory() as folder:
        step = fused.Step(config, folder)
        loss, gradients = step.loss_and_gradients(params, rope, ids, chosen, targets[chosen].contiguous())
        want, wanted = reference(params, config, rope, ids, chosen, targets[chosen])
        worst = max((((gradients[n].float() - g).norm() / g.norm()).item(), n) for n, g in wanted.items())
        print(f"loss {loss:.4f}, autograd {want:.4f}; worst relative error of a gradient {worst[0]:.4f} in {worst[1]}")
        assert abs(loss - want) < 0.01 and worst[0] < 0.05
        for rows, length in [(80, 110), (20, 440)]:
            ids = torch.randint(0, 1024, (rows, length))
            chosen = torch.arange(0, rows * length, 2)
            targets = ids.reshape(-1)[chosen].contiguous()
            step.loss_and_gradients(params, rope, ids, chosen, targets)
            start = time.time()
            for _ in range(3):
                step.loss_and_gradients(params, rope, ids, chosen, targets)
            print(f"{rows} x {length}: {3 * rows * length / (time.time() - start):.0f} tokens/s")


if __name__ == "__main__":
    main()
