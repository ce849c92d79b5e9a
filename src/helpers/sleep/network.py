"""The network that falls asleep: fully connected layers with ReLU between them."""

import copy
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from helpers.checks import check_count, check_fraction


class SleepNetwork(nn.Module):
    """A multilayer perceptron whose every oddity in the two papers is a switch.

    The defaults are those of Tadros et al. (2020): 784-1200-1200-10 without biases, ReLU on the
    outputs too, and units dropped in training whose layer is scaled down at evaluation.

    Args:
        sizes: cells of each layer, inputs and outputs included.
        bias: whether cells have biases.
        relu_output: whether the outputs pass through ReLU.
        softmax: whether the outputs pass through a softmax (the reproduction's do).
        dropout: share of the units of each hidden layer that training leaves out.
        inverted: whether the units that stay are scaled up in training (as PyTorch does) instead
            of all of them down at evaluation (as the original's toolbox does).
        always_drop: whether units are left out at evaluation too (the reproduction's are). Then
            the model is random, and torch's global random numbers decide.
        small: whether weights start uniform in [-.01, .01], else as PyTorch's linear layers do.
        seed: of the initial weights.

    Raises:
        ValueError: fewer than two layers or an empty one; `dropout` has not one share in [0, 1)
            for each hidden layer.
    """

    def __init__(
        self,
        sizes: Sequence[int] = (784, 1200, 1200, 10),
        *,
        bias: bool = False,
        relu_output: bool = True,
        softmax: bool = False,
        dropout: Sequence[float] = (0.2, 0.2),
        inverted: bool = False,
        always_drop: bool = False,
        small: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__()
        if len(sizes) < 2:
            raise ValueError(f"sizes are {tuple(sizes)}; there may be two layers or more")
        for size in sizes:
            check_count("size of a layer", size, 1)
        if len(dropout) != len(sizes) - 2:
            raise ValueError(
                f"dropout is {tuple(dropout)}; it may have {len(sizes) - 2} shares, "
                "one for each hidden layer"
            )
        for share in dropout:
            check_fraction("dropout", share)
        self.relu_output, self.softmax = relu_output, softmax
        self.dropout, self.inverted = tuple(dropout), inverted
        self.always_drop = always_drop
        with torch.random.fork_rng(devices=[]):  # they draw weights of their own before ours
            self.stack = nn.ModuleList(nn.Linear(i, o, bias=bias) for i, o in pairwise(sizes))
        generator = torch.Generator().manual_seed(seed)
        for layer in self.layers:
            span = 0.01 if small else layer.in_features**-0.5
            layer.weight.data.uniform_(-span, span, generator=generator)
            if bias:
                layer.bias.data.uniform_(-span, span, generator=generator)

    @property
    def layers(self) -> list[nn.Linear]:
        """The layers of weights, from the inputs on."""
        return list(self.stack)  # type: ignore[arg-type]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Cells of each layer, inputs and outputs included."""
        return (self.layers[0].in_features, *(layer.out_features for layer in self.layers))

    @property
    def weights(self) -> list[Tensor]:
        """The weights of each layer (receiving cells, sending cells), without a graph."""
        return [layer.weight.detach() for layer in self.layers]

    def whole(self) -> "SleepNetwork":
        """The same network, with the same weights, that leaves no unit out at evaluation.

        Raises:
            ValueError: the network is in training mode, in which units are left out.
        """
        if self.training:
            raise ValueError("network is in training mode; it may be in evaluation mode (eval())")
        steady = copy.copy(self)
        steady.always_drop = False
        return steady

    def activations(self, images: Tensor) -> list[Tensor]:
        """The activity of each layer of cells behind the inputs, (n, cells), outputs included."""
        x = images.flatten(1)
        if x.shape[1] != self.sizes[0]:
            raise ValueError(
                f"images have {x.shape[1]} pixels; they may have {self.sizes[0]}, as many as inputs"
            )
        found = []
        for number, layer in enumerate(self.layers):
            x = layer(x)
            if number < len(self.dropout):
                x = self._drop(torch.relu(x), self.dropout[number])
            found.append(x)
        if self.relu_output:
            found[-1] = torch.relu(found[-1])
        return found

    def forward(self, images: Tensor) -> Tensor:
        """Scores (n, classes) of images (n, ...)."""
        scores = self.activations(images)[-1]
        return scores.softmax(1) if self.softmax else scores

    def _drop(self, x: Tensor, share: float) -> Tensor:
        drops = self.training or self.always_drop
        if share == 0 or (not drops and self.inverted):
            return x
        if not drops:
            return x * (1 - share)
        dropped = nn.functional.dropout(x, share)
        return dropped if self.inverted else dropped * (1 - share)
