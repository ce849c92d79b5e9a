"""Learning on a GPU, where starting a kernel takes longer than most kernels of a small step."""

from collections.abc import Callable

import torch
from torch import Tensor

from helpers.cerebellum import fused
from helpers.cerebellum.delta_rule import DECAY, EPSILON, PlainLearner


class Replay:
    """Work on a GPU that is recorded at its second call and replayed from then on.

    The first call compiles what has to be compiled. The work has to be the same at every call: it
    reads and writes the same tensors. On a CPU it is just called.
    """

    def __init__(self, work: Callable[[], None], device: torch.device) -> None:
        self.work = work
        self.records = device.type == "cuda"
        self.warm = False
        self.graph: torch.cuda.CUDAGraph | None = None

    def __call__(self) -> None:
        """Do the work once."""
        if self.records and self.warm and self.graph is None:
            self.graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                self.work()
        if self.graph is None:
            self.work()
            self.warm = True
        else:
            self.graph.replay()


class GraphLearner(PlainLearner):
    """The plain steps, recorded once and replayed for each batch."""

    @torch.no_grad()
    def learn(self, images: Tensor, labels: Tensor, order: Tensor, batch: int) -> None:
        """Learn from `images` (n, d) and `labels` (n,), `batch` rows of `order` at a step."""
        x, y = images[:batch].clone(), labels[:batch].clone()
        step = Replay(lambda: self.step(x, y), images.device)
        for rows in order.split(batch):
            if len(rows) < len(x):
                self.step(images[rows], labels[rows])
                continue
            torch.index_select(images, 0, rows, out=x)
            torch.index_select(labels, 0, rows, out=y)
            step()


class GraphOnlineLearner(PlainLearner):
    """One image at a step, in one sweep over the readout for each; in single precision."""

    #: Activities of this many cells times images are computed ahead.
    AHEAD = 1 << 26

    @torch.no_grad()
    def learn(self, images: Tensor, labels: Tensor, order: Tensor, batch: int) -> None:
        """Learn from `images` (n, d) and `labels` (n,), one row of `order` at a step."""
        model = self.model
        if batch != 1:
            raise ValueError(f"batch is {batch}; it may be 1")
        if model.W.dtype != torch.float32:
            raise ValueError(f"W is {model.W.dtype}; it may be torch.float32")
        from helpers.cerebellum.kernels import online_triton  # Triton is not there on every system

        W, mean_square = model.W.T.contiguous(), self.mean_square.T.contiguous()
        ahead = max(8, min(256, self.AHEAD // model.granule.m))
        h, y = W.new_empty(ahead, model.granule.m), labels.new_empty(ahead)
        shares = online_triton.new_shares(W)

        def take_steps(n: int) -> None:
            online_triton.learn(
                h,
                y,
                model.mu,
                W,
                mean_square,
                model.bias,
                self.bias_square,
                shares,
                n,
                self.learning_rate,
                DECAY,
                EPSILON,
                model.learns_bias,
                model.beta,
            )

        all_steps = Replay(lambda: take_steps(ahead), images.device)
        activity = fused.Activity(model.granule)
        for rows in order.split(ahead):
            n = len(rows)
            h[:n] = activity(images[rows])
            y[:n] = labels[rows]
            if n == ahead:
                all_steps()
            else:
                take_steps(n)
        model.W.copy_(W.T)
        self.mean_square.copy_(mean_square.T)
