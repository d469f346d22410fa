"""Trains the built-in model. See README.md for the commands and what to expect of them."""

import argparse
import json
import os
import time

import torch

import fused
import model
import stream
from optimiser import Optimiser


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--out", required=True, help="folder of the checkpoint, the log and what is compiled")
    p.add_argument("--seconds", type=float, help="budget in seconds of training")
    p.add_argument("--tokens", type=float, help="budget in tokens")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--device", default="cpu", help="cpu or cuda")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--batch", type=int, default=9216, help="most tokens of a batch")
    p.add_argument("--streams", type=int, default=1, help="generators that feed the training in turn")
    p.add_argument("--plain", action="store_true", help="autograd even where the fused kernels would run")
    p.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    p.add_argument("--width", type=int, default=192)
    p.add_argument("--layers", type=int, default=6)
    p.add_argument("--ffn", type=int, default=512)
    args = p.parse_args()
    if not args.seconds and not args.tokens:
        p.error("give a budget: --seconds or --tokens")
    return args


class Training:
    """What a run is at one moment: all that a checkpoint holds, and what steps it."""

    def __init__(self, args):
        self.args = args
        self.checkpoint = os.path.join(args.out, "checkpoint.pt")
        self.steps, self.tokens, self.spent, self.resumed, self.losses = 0, 0, 0.0, 0, []
        vocab = len(json.load(open(stream.TOKENIZER))["vocab"])
        self.config = model.Config(vocab=vocab, width=args.width, layers=args.layers, heads=args.width // 32, ffn=args.ffn)
        state = torch.load(self.checkpoint, map_location="cpu") if args.resume else None
        if state:
            self.config = model.Config(**state["config"])
        params = state["params"] if state else model.init(self.config, args.seed)
        self.params = {name: p.to(args.device) for name, p in params.items()}
        self.optimiser = Optimiser(self.params)
        if state:
            self.continue_from(state)
        self.rope = tuple(t.to(args.device) for t in model.rope_table(self.config))
        use_kernels = args.device == "cpu" and not args.plain and fused.supported(self.config)
        self.kernels = fused.Step(self.config, args.out) if use_kernels else None
        self.choice = torch.Generator().manual_seed(args.seed + 1000 * self.resumed)

    def continue_from(self, state):
        def moved(value):
            return {n: t.to(self.args.device) for n, t in value.items()} if isinstance(value, dict) else value

        self.optimiser.load({name: moved(value) for name, value in state["optimiser"].items()})
        self.steps, self.tokens, self.spent = state["steps"], state["tokens"], state["seconds"]
        self.resumed = state["resumed"] + 1

    def save(self):
        state = dict(config=self.config.state(), params=self.params, optimiser=self.optimiser.state(), steps=self.steps,
                     tokens=self.tokens, seconds=self.spent, resumed=self.resumed, seed=self.args.seed, loss=self.loss())
        torch.save(state, self.checkpoint + ".new")
        os.replace(self.checkpoint + ".new", self.checkpoint)

    def loss(self):
        recent = self.losses[-200:]
        return sum(recent) / max(1, len(recent))

    def done(self):
        """The share of the budget that is spent."""
        return self.spent / self.args.seconds if self.args.seconds else self.tokens / self.args.tokens

    def schedule(self):
        """Warm-up over 60 steps, level until three tenths of the budget, then straight down."""
        done = self.done()
        return min(1, (self.steps + 1) / 60) * (1.0 if done < 0.3 else max(0.01, (1 - done) / 0.7))

    def step(self, ids, weights):
        """Each token is in the loss with the probability of its weight."""
        chance = torch.rand(weights[:, 1:].shape, generator=self.choice)
        chosen = (chance < weights[:, 1:]).reshape(-1).nonzero().squeeze(1)
        if len(chosen) == 0:
            return
        device = self.args.device
        targets = ids[:, 1:].reshape(-1)[chosen].contiguous().to(device)
        inputs, chosen = ids[:, :-1].contiguous().to(device), chosen.to(device)
        if self.kernels:
            loss, gradients = self.kernels.loss_and_gradients(self.params, self.rope, inputs, chosen, targets)
        else:
            loss, gradients = model.loss_and_gradients(self.params, self.config, self.rope, inputs, chosen, targets)
        self.optimiser.step(gradients, self.schedule())
        self.losses = self.losses[-199:] + [loss]
        self.steps += 1
        self.tokens += int((ids != 0).sum())


def run(training, streams, log):
    last_log = last_save = last = time.time()
    first_tokens, first_spent = training.tokens, training.spent
    while training.done() < 1:
        training.step(*next(streams[training.steps % len(streams)]))
        now = time.time()
        training.spent += now - last
        last = now
        if now - last_log > 20:
            last_log = now
            rate = (training.tokens - first_tokens) / (training.spent - first_spent)
            log(f"step {training.steps} seconds {training.spent:.0f} tokens {training.tokens / 1e6:.2f}M "
                f"tokens/s {rate:.0f} loss {training.loss():.4f} rate {training.schedule():.3f}")
        if now - last_save > 120:
            last_save = now
            training.save()
    training.save()
    log(f"done: steps {training.steps} seconds {training.spent:.0f} tokens {training.tokens} loss {training.loss():.4f} "
        f"seed {training.args.seed} resumed {training.resumed}")


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.set_grad_enabled(False)
    os.makedirs(args.out, exist_ok=True)
    training = Training(args)
    program = stream.build(args.out)
    # A resumed run reads on in a stream of its own, not the same texts again.
    seeds = [args.seed + 1000 * training.resumed + 100_000 * i for i in range(args.streams)]
    streams = [stream.Stream(program, seed, args.batch) for seed in seeds]
    with open(os.path.join(args.out, "log"), "a") as file:

        def log(line):
            print(line, flush=True)
            print(line, file=file, flush=True)

        size = sum(p.numel() for p in training.params.values())
        log(f"{size} parameters, {args}, {'fused kernels' if training.kernels else 'autograd'}, torch {torch.__version__}")
        try:
            run(training, streams, log)
        finally:
            for s in streams:
                s.close()


if __name__ == "__main__":
    main()
