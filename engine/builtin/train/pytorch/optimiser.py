"""Muon for the matrices of the layers, Adam for the embedding and the norms."""

import math

import torch
import torch.nn.functional as F

STACKED = {"qkv": 3, "gate_up": 2}  # matrices stacked in one parameter; Muon takes each alone


def orthogonal(gradient):
    """Five Newton-Schulz steps toward the nearest orthogonal matrix (Jordan et al., Muon, 2024)."""
    tall = gradient.shape[0] > gradient.shape[1]
    x = gradient.t() if tall else gradient
    x = (x / (x.norm() + 1e-7)).to(torch.bfloat16).contiguous()
    for _ in range(5):
        a = F.linear(x, x)
        b = -4.7750 * a + 2.0315 * F.linear(a, a)
        x = 3.4445 * x + torch.mm(b, x)
    return (x.t() if tall else x).float()


class Optimiser:
    """Steps a dictionary of parameters in place. Its state is plain tensors."""

    def __init__(self, params, matrix_rate=0.02, adam_rate=0.004):
        self.params, self.matrix_rate, self.adam_rate = params, matrix_rate, adam_rate
        self.matrices = [n for n, p in params.items() if p.ndim == 2 and n != "embedding"]
        self.others = [n for n in params if n not in self.matrices]
        self.momentum = {n: torch.zeros_like(params[n]) for n in self.matrices}
        self.mean = {n: torch.zeros_like(params[n]) for n in self.others}
        self.square = {n: torch.zeros_like(params[n]) for n in self.others}
        self.steps = 0

    def state(self):
        return dict(momentum=self.momentum, mean=self.mean, square=self.square, steps=self.steps)

    def load(self, state):
        self.momentum, self.mean, self.square = state["momentum"], state["mean"], state["square"]
        self.steps = state["steps"]

    def step(self, gradients, schedule):
        """One step with both rates multiplied by schedule."""
        self.steps += 1
        self.step_matrices(gradients, self.matrix_rate * schedule)
        self.step_others(gradients, self.adam_rate * schedule)

    def step_matrices(self, gradients, rate):
        for name in self.matrices:
            gradient, momentum = gradients[name].float(), self.momentum[name]
            momentum.mul_(0.95).add_(gradient)
            update = gradient + 0.95 * momentum
            parts = STACKED.get(name.split(".")[1], 1)
            for u, p in zip(update.chunk(parts), self.params[name].chunk(parts)):
                gain = max(1, u.shape[0] / u.shape[1]) ** 0.5
                p.mul_(1 - 0.01 * rate).add_(orthogonal(u), alpha=-rate * gain)

    def step_others(self, gradients, rate):
        length = math.sqrt(sum(gradients[n].float().pow(2).sum().item() for n in self.others))
        clip = min(1, 1 / (length + 1e-6))
        for name in self.others:
            gradient = gradients[name].float() * clip
            mean, square = self.mean[name], self.square[name]
            mean.mul_(0.9).add_(gradient, alpha=0.1)
            square.mul_(0.98).addcmul_(gradient, gradient, value=0.02)
            spread = (square / (1 - 0.98**self.steps)).sqrt_().add_(1e-9)
            self.params[name].addcdiv_(mean / (1 - 0.9**self.steps), spread, value=-rate)
