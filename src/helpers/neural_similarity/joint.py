"""Training with two losses: to classify, and to find images alike (equation 7)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from helpers.checks import check_count, check_labels
from helpers.data.dataset import as_float
from helpers.digest import digest_tensors
from helpers.files import replacing
from helpers.models.blurred import Blurred
from helpers.models.gray_resnet import GrayResNet
from helpers.neural_similarity.loss import LayerWeights, pair_similarities, similarity_loss
from helpers.neural_similarity.pairs import PairOrder
from helpers.neural_similarity.recipe import JointRecipe
from helpers.neural_similarity.target import Target
from helpers.tensors import read_tensors
from helpers.training.augmentation import cropped_and_flipped


@dataclass(frozen=True)
class Epoch:
    """What one pass over the images came to.

    Attributes:
        number: from 1.
        task_loss: mean cross-entropy on the training images.
        similarity_loss: mean of equation 8, NaN without a target.
        validation_loss: cross-entropy on the images held out.
        gamma: the weights of the five layers.
    """

    number: int
    task_loss: float
    similarity_loss: float
    validation_loss: float
    gamma: tuple[float, ...]


@dataclass(frozen=True)
class Joint:
    """A network that learnt with two losses, in evaluation mode, and how that went.

    Attributes:
        model: with the weights of the epoch that was best on the images held out.
        epochs: all passes.
    """

    model: nn.Module
    epochs: tuple[Epoch, ...]

    @property
    def kept(self) -> Epoch:
        """The epoch whose weights `model` has."""
        return min(self.epochs, key=lambda epoch: epoch.validation_loss)


def train_jointly(
    recipe: JointRecipe,
    images: Tensor,
    labels: Tensor,
    *,
    target: Target | None = None,
    blur: float = 0.0,
    classes: int = 10,
    seed: int = 0,
    checkpoint: Path | None = None,
    on_epoch: Callable[[Epoch], None] = lambda epoch: None,
) -> Joint:
    """Train a :class:`GrayResNet` on two losses, or on one where there is no target.

    Each step classifies a batch of images and compares a batch of pairs of stimuli; both go through
    the same convolutions, in two passes, each normalised by its own batch.

    Args:
        recipe: the network and its training.
        images: (n, 1, h, w) uint8.
        labels: (n,).
        target: the stimuli and their similarities; None trains on the classes alone.
        blur: standard deviation in pixels of a Gaussian blur that stays before the network, for
            images and stimuli; 0 for none.
        classes: number of classes.
        seed: of the initial weights, the images held out, the order of images and pairs, and the
            crops.
        checkpoint: a file, written after each epoch; training goes on from it if it is there, and
            ends with the weights it would have had without the interruption.
        on_epoch: called behind each epoch.

    Raises:
        ValueError: images are not uint8 (n, 1, h, w), or fewer than two would be left to train on
            or none held out; labels out of range; a checkpoint of another training or a torn one;
            a loss that is not a number.
    """
    if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[1] != 1:
        raise ValueError(
            f"images are {images.dtype} {tuple(images.shape)}; they may be uint8 (n, 1, h, w)"
        )
    check_labels(labels, len(images), classes)
    training = _Training(
        recipe, images, labels.long(), target, blur, classes, check_count("seed", seed, 0)
    )
    if checkpoint is not None and checkpoint.exists():
        training.resume(checkpoint)
    while len(training.epochs) < recipe.epochs:
        done = training.epoch()
        if checkpoint is not None:
            training.save(checkpoint)
        on_epoch(done)
    training.network.load_state_dict(training.best)
    return Joint(training.network.eval(), tuple(training.epochs))


class _Training:
    """Everything that changes from step to step, so that it can be written down and read back."""

    def __init__(
        self,
        recipe: JointRecipe,
        images: Tensor,
        labels: Tensor,
        target: Target | None,
        blur: float,
        classes: int,
        seed: int,
    ) -> None:
        device = images.device
        self.recipe, self.target = recipe, target
        self.generator = torch.Generator().manual_seed(seed)
        order = torch.randperm(len(images), generator=self.generator).to(device)
        held = int(len(images) * recipe.validation)
        if held < 1 or len(images) - held < 2:
            raise ValueError(
                f"images are {len(images)}, of which {held} would be held out; there may be at "
                "least one held out and two to train on"
            )
        self.images, self.labels = images[order[held:]], labels[order[held:]]
        self.held_images, self.held_labels = as_float(images[order[:held]]), labels[order[:held]]
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            resnet = GrayResNet(recipe.depth, width=recipe.width, classes=classes)
        self.network: GrayResNet | Blurred = Blurred(resnet, blur) if blur else resnet
        # The fastest layout for convolutions in bfloat16, on processors too.
        self.network = self.network.to(device).to(memory_format=torch.channels_last)
        self.layer_weights = LayerWeights().to(device)
        parameters = [*self.network.parameters(), *self.layer_weights.parameters()]
        self.optimizer = torch.optim.SGD(
            parameters, lr=recipe.learning_rate, momentum=recipe.momentum
        )
        self.pairs = None
        if target is not None:
            self.stimuli = target.stimuli.to(device)
            self.pairs = PairOrder(len(target.stimuli), recipe.pairs, seed=seed)
        self.epochs: list[Epoch] = []
        self.best: dict[str, Tensor] = {}
        seen = [images, labels]
        seen += [] if target is None else [target.stimuli, target.similarity]
        name = None if target is None else target.name
        self.identity = repr((recipe, name, blur, classes, seed, digest_tensors(seen)))

    def epoch(self) -> Epoch:
        """One pass over all images."""
        recipe = self.recipe
        per_epoch = math.ceil(len(self.images) / recipe.batch)
        order = torch.randperm(len(self.images), generator=self.generator).to(self.images.device)
        self.network.train()
        task_total, similarity_total = torch.zeros(2, device=self.images.device).unbind()
        for number, rows in enumerate(order.split(recipe.batch), len(self.epochs) * per_epoch):
            for group in self.optimizer.param_groups:
                group["lr"] = recipe.rate(number, recipe.epochs * per_epoch)
            x = cropped_and_flipped(as_float(self.images[rows]), self.generator)
            chosen = None if self.pairs is None else self.pairs.step(number)
            with self._precision():  # once for both passes, so that weights are rounded once
                scores = self.network(x.contiguous(memory_format=torch.channels_last))
                features = [] if chosen is None else self._features(*chosen)
            loss = cross_entropy(scores.float(), self.labels[rows])
            task_total += loss.detach() * len(rows)
            if chosen is not None:
                apart = self._similarity_loss(features, *chosen)
                similarity_total += apart.detach()
                loss = loss + recipe.alpha * apart
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
        done = Epoch(
            number=len(self.epochs) + 1,
            task_loss=task_total.item() / len(self.images),
            similarity_loss=similarity_total.item() / per_epoch if self.pairs else math.nan,
            validation_loss=self._validation_loss(),
            gamma=tuple(self.layer_weights.gamma.tolist()),
        )
        if not math.isfinite(done.task_loss) or not math.isfinite(done.validation_loss):
            raise ValueError(
                f"the loss of epoch {done.number} is {done.task_loss}, on the images held out "
                f"{done.validation_loss}; it may be a finite number: lower learning_rate or alpha"
            )
        if done.validation_loss < min(
            (epoch.validation_loss for epoch in self.epochs), default=math.inf
        ):
            state = self.network.state_dict()
            self.best = {name: tensor.clone() for name, tensor in state.items()}
        self.epochs.append(done)
        return done

    def _features(self, first: Tensor, second: Tensor) -> list[Tensor]:
        """The maps of the first stimulus of each pair, then of the second."""
        shown = as_float(self.stimuli[torch.cat([first, second]).to(self.images.device)])
        return self.network.features(shown.contiguous(memory_format=torch.channels_last))

    def _similarity_loss(self, features: list[Tensor], first: Tensor, second: Tensor) -> Tensor:
        assert self.target is not None
        wanted = self.target.similarity[first, second].to(self.images.device)
        return similarity_loss(self.layer_weights(pair_similarities(features)), wanted)

    @torch.no_grad()
    def _validation_loss(self) -> float:
        self.network.eval()
        total = 0.0
        for x, y in zip(self.held_images.split(250), self.held_labels.split(250), strict=True):
            with self._precision():
                scores = self.network(x.contiguous(memory_format=torch.channels_last))
            total += cross_entropy(scores.float(), y, reduction="sum").item()
        return total / len(self.held_labels)

    def _precision(self) -> torch.autocast:
        return torch.autocast(
            self.images.device.type, torch.bfloat16, enabled=self.recipe.half_precision
        )

    def save(self, path: Path) -> None:
        """Write everything that the next epoch depends on, whole or not at all."""
        state = {
            "identity": self.identity,
            "network": self.network.state_dict(),
            "layer_weights": self.layer_weights.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
            "best": self.best,
            "epochs": [vars(epoch) for epoch in self.epochs],
        }
        with replacing(path) as fresh:
            torch.save(state, fresh)

    def resume(self, path: Path) -> None:
        """Go on from what :meth:`save` wrote."""
        try:
            held = read_tensors(path, self.images.device)
        except ValueError as error:
            raise ValueError(f"checkpoint {error}; delete it to train from the start") from error
        of = held.get("identity") if isinstance(held, dict) else type(held).__name__
        if of != self.identity:
            raise ValueError(
                f"checkpoint {path} belongs to another training ({of}); name "
                "another file, or delete it to train from the start"
            )
        self.network.load_state_dict(held["network"])
        self.layer_weights.load_state_dict(held["layer_weights"])
        self.optimizer.load_state_dict(held["optimizer"])
        self.generator.set_state(held["generator"].cpu())
        self.best = held["best"]
        self.epochs = [Epoch(**epoch) for epoch in held["epochs"]]
