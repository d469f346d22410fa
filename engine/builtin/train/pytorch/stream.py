"""Batches from the Go generator: see ../stream.go for the format."""

import os
import struct
import subprocess

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
GENERATOR = os.path.dirname(HERE)
TOKENIZER = os.path.join(GENERATOR, "tokenizer.json")


def build(folder):
    """Compiles the generator into the folder and returns its path."""
    program = os.path.join(os.path.abspath(folder), "generate-samples")
    subprocess.run(["go", "build", "-o", program, "."], cwd=GENERATOR, check=True)
    return program


class Stream:
    """Batches of one seed, for ever: pairs of ids [rows, columns] int64 and weights of the same shape."""

    def __init__(self, program, seed, tokens):
        command = [program, "-stream", "-tokenizer", TOKENIZER, "-seed", str(seed), "-batch", str(tokens)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=1 << 20)

    def read(self, size):
        data = self.process.stdout.read(size)
        if len(data) < size:
            raise EOFError("the generator of samples ended")
        return data

    def __next__(self):
        rows, columns = struct.unpack("<II", self.read(8))
        ids = np.frombuffer(self.read(2 * rows * columns), np.uint16).reshape(rows, columns)
        weights = np.frombuffer(self.read(rows * columns), np.uint8).reshape(rows, columns)
        return torch.from_numpy(ids.astype(np.int64)), torch.from_numpy(weights.astype(np.float32) / 100)

    def close(self):
        self.process.stdout.close()
        self.process.wait()
