"""Faster ways to take the steps of the delta rule; :class:`PlainLearner` is the twin of each."""

from importlib.util import find_spec
from typing import Any

import torch
from torch import Tensor

from helpers.cerebellum import fused
from helpers.cerebellum.delta_rule import DECAY, EPSILON, PlainLearner, error
from helpers.cerebellum.graph_learners import GraphLearner, GraphOnlineLearner
from helpers.cerebellum.kernels import online, sparse
from helpers.cerebellum.model import Cerebellum

#: Fewer cells than :mod:`helpers.cerebellum.fused` asks for are worth a kernel here: a training
#: goes through it for every batch of every epoch, a test once for each batch.
WORTH_COMPILING = fused.WORTH_COMPILING // 2


def _scalar(model: Cerebellum, value: float) -> Any:
    """`value` in the precision of the model, as the kernels need it."""
    return model.W.numpy().dtype.type(value)


def _rule(learner: PlainLearner) -> tuple[Any, Any, Any]:
    return tuple(_scalar(learner.model, value) for value in (learner.learning_rate, DECAY, EPSILON))


class BatchLearner(PlainLearner):
    """Batches of up to 64 images through a sparse granule layer, on the CPU."""

    @torch.no_grad()
    def learn(self, images: Tensor, labels: Tensor, order: Tensor, batch: int) -> None:
        """Learn from `images` (n, d) and `labels` (n,), `batch` rows of `order` at a step."""
        if batch > sparse.TILE:
            raise ValueError(f"batch is {batch}; it may be at most {sparse.TILE}")
        model = self.model
        granule, classes = model.granule, model.classes
        if granule.indices is None:
            raise ValueError("granule is fully connected; it may be sparse")
        cells = granule.indices.numpy(), granule.weights.numpy(), model.mu.numpy(), model.W.numpy()
        threads = fused.threads()
        beta = None if model.beta is None else _scalar(model, model.beta)
        partial = images.new_empty(threads, classes, sparse.TILE)
        scaled = images.new_zeros(classes, sparse.TILE)
        for rows in order.split(batch):
            n = len(rows)
            x = fused.tiles(images[rows])[0].numpy()
            sparse.outputs(x, *cells, partial.numpy(), beta, n)
            e = error(partial.sum(0).T[:n] + model.bias, labels[rows])
            scaled.zero_()
            scaled[:, :n] = e.T * (2 / e.numel())
            sparse.learn(
                x,
                scaled.numpy(),
                *cells,
                self.mean_square.numpy(),
                *_rule(self),
                threads,
            )
            self.learn_bias(e)


class OnlineLearner(PlainLearner):
    """One image at a step, on the CPU, in one sweep over the readout for each."""

    #: Activities of this many cells times images are computed ahead.
    AHEAD = 1 << 21

    @torch.no_grad()
    def learn(self, images: Tensor, labels: Tensor, order: Tensor, batch: int) -> None:
        """Learn from `images` (n, d) and `labels` (n,), one row of `order` at a step."""
        if batch != 1:
            raise ValueError(f"batch is {batch}; it may be 1")
        model = self.model
        W, mean_square = model.W.T.contiguous(), self.mean_square.T.contiguous()
        z, e = torch.zeros_like(model.mu), W.new_zeros(model.classes)
        beta = None if model.beta is None else _scalar(model, model.beta)
        rule = (*_rule(self), fused.threads(), model.learns_bias, beta)
        step = (z.numpy(), e.numpy())
        learned = (model.mu.numpy(), W.numpy(), mean_square.numpy())
        state = (*learned, model.bias.numpy(), self.bias_square.numpy())
        activity = fused.Activity(model.granule)
        ahead = max(8, min(256, self.AHEAD // model.granule.m))
        for number, rows in enumerate(order.split(ahead)):
            h = activity(images[rows])
            online.learn(h.numpy(), labels[rows].numpy(), *step, number > 0, *state, *rule)
        online.learn(h[:0].numpy(), labels[:0].numpy(), *step, True, *state, *rule)
        model.W.copy_(W.T)
        self.mean_square.copy_(mean_square.T)


def fastest_learner(model: Cerebellum, batch: int) -> type[PlainLearner]:
    """The learner to use for `model` on this machine."""
    granule = model.granule
    if model.W.device.type == "cuda":
        has_triton = find_spec("triton") is not None
        if batch == 1 and has_triton and model.W.dtype == torch.float32:
            return GraphOnlineLearner
        return GraphLearner
    if model.W.device.type != "cpu" or granule.m < WORTH_COMPILING:
        return PlainLearner
    if model.W.dtype not in (torch.float32, torch.float64):  # the kernels know no others
        return PlainLearner
    if batch == 1:
        return OnlineLearner
    if granule.J is None and batch <= sparse.TILE:
        return BatchLearner
    return PlainLearner
