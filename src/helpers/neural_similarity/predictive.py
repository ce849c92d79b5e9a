"""Fitting a predictive model to a scan, and what it predicts (Li et al. 2019, section 2.2)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import poisson_nll_loss

from helpers.checks import check_count, check_positive
from helpers.data.recordings.recording import Recording
from helpers.models.v1_predictor import V1Predictor
from helpers.seeding import seeded_torch


@dataclass(frozen=True)
class Scales:
    """How the numbers of a scan are scaled, as the Sensorium competition does.

    Attributes:
        mean, std: of the pixels of the training images.
        response: (neurons,) standard deviation over training trials; responses are divided by it.
        behaviour_mean, behaviour_std: (k,); 0 and None where there is none.
        pupil_mean, pupil_std: (2,); likewise.
    """

    mean: float
    std: float
    response: Tensor
    behaviour_mean: Tensor | float = 0.0
    behaviour_std: Tensor | None = None
    pupil_mean: Tensor | float = 0.0
    pupil_std: Tensor | None = None

    def images(self, images: Tensor) -> Tensor:
        """Images (n, 1, h, w) uint8 z-scored."""
        return (images.float() - self.mean) / self.std


def scales_of(recording: Recording) -> Scales:
    """The scales of the training trials of a scan.

    A neuron whose standard deviation is a hundredth of the mean one or less is divided by that
    hundredth, so that its noise is not blown up.

    Raises:
        ValueError: there are no training trials.
    """
    rows = recording.trials("train")
    pixels = recording.images[recording.shown[rows].unique()].float()
    spread = recording.responses[rows].std(0)
    floor = 0.01 * spread.mean()
    behaviour, pupil = recording.behaviour, recording.pupil
    return Scales(
        mean=pixels.mean().item(),
        std=max(pixels.std().item(), 1e-6),
        response=spread.clamp(min=max(floor.item(), 1e-6)),
        behaviour_mean=0.0 if behaviour is None else behaviour[rows].mean(0),
        behaviour_std=None if behaviour is None else behaviour[rows].std(0).clamp(min=1e-6),
        pupil_mean=0.0 if pupil is None else pupil[rows].mean(0),
        pupil_std=None if pupil is None else pupil[rows].std(0).clamp(min=1e-6),
    )


@dataclass(frozen=True, eq=False)
class Fitted:
    """A predictive model of one scan.

    Attributes:
        model: in evaluation mode.
        scales: of its inputs and outputs.
        history: for each epoch the mean correlation on validation trials.
    """

    model: V1Predictor
    scales: Scales
    history: tuple[float, ...]

    @torch.no_grad()
    def to_trials(self, recording: Recording, rows: Tensor, *, batch: int = 100) -> Tensor:
        """Predicted responses (rows, neurons) to trials, behaviour and pupil included.

        Args:
            recording: the scan that the model was fitted to.
            rows: numbers of trials.
            batch: trials at a time.
        """
        parts = [self.model(*_inputs(recording, self.scales, part)) for part in rows.split(batch)]
        return torch.cat(parts) * self.scales.response

    @torch.no_grad()
    def to_images(self, images: Tensor, *, batch: int = 100) -> Tensor:
        """Predicted responses (n, neurons) to images (n, 1, h, w) uint8.

        The animal is in its mean state: behaviour and pupil are those of the mean training trial.
        """
        scales = self.scales
        parts = [
            self.model(scales.images(part), *_mean_state(scales, len(part)))
            for part in images.split(batch)
        ]
        return torch.cat(parts) * scales.response

    def correlation(self, recording: Recording, tier: str) -> Tensor:
        """v of section 2.2: the correlation of prediction and response over trials, (neurons,).

        Raises:
            ValueError: the scan has no trials of `tier`.
        """
        rows = recording.trials(tier)
        return correlations(self.to_trials(recording, rows), recording.responses[rows])


def correlations(one: Tensor, other: Tensor) -> Tensor:
    """Pearson's correlation over trials of each column; 0 where either does not vary.

    Raises:
        ValueError: different shapes, or fewer than two trials.
    """
    if one.shape != other.shape or one.ndim != 2 or len(one) < 2:
        raise ValueError(
            f"one has shape {tuple(one.shape)} and other {tuple(other.shape)}; they may be the "
            "same (trials, neurons), with at least two trials"
        )
    one, other = one.double() - one.double().mean(0), other.double() - other.double().mean(0)
    length = one.norm(dim=0) * other.norm(dim=0)
    return torch.where(length > 0, (one * other).sum(0) / length.where(length > 0, 1), 0).float()


def fit(
    recording: Recording,
    *,
    channels: int = 16,
    epochs: int = 30,
    batch: int = 64,
    learning_rate: float = 5e-3,
    sparseness: float = 1e-3,
    smoothness: float = 1e-1,
    patience: int = 4,
    seed: int = 0,
    on_epoch: Callable[[int, float], None] = lambda number, correlation: None,
) -> Fitted:
    """Fit a :class:`V1Predictor` to a scan by the Poisson likelihood of its responses.

    The learning rate falls by .3 whenever the correlation on validation trials has not risen for
    `patience` epochs, and training ends when that has happened three times. The epoch with the
    highest correlation is kept.

    Args:
        recording: with training and validation trials.
        channels: of each layer.
        epochs: at most.
        batch: trials in a step.
        learning_rate: Adam's, at the start.
        sparseness: weight of the absolute readout weights, the mean over neurons.
        smoothness: weight of the roughness of the first filters.
        patience: epochs to wait.
        seed: of the initial weights and the order of trials.
        on_epoch: takes the epoch's number and the correlation.

    Raises:
        ValueError: the scan lacks trials of either tier, an argument is out of range, or the loss
            is no longer a number.
    """
    check_count("epochs", epochs, 1)
    check_count("batch", batch, 1)
    check_count("patience", patience, 1)
    check_positive("learning_rate", learning_rate)
    for name, value in (("sparseness", sparseness), ("smoothness", smoothness)):
        if not 0 <= value < math.inf:
            raise ValueError(f"{name} is {value}; it may be a finite number from 0")
    recording.trials("validation")  # before the training that a scan without them would waste
    rows = recording.trials("train")
    scales = scales_of(recording)
    height, width = recording.images.shape[2:]
    with seeded_torch(seed):
        model = V1Predictor(
            recording.neurons,
            channels=channels,
            size=(height, width),
            behaviour=0 if recording.behaviour is None else recording.behaviour.shape[1],
            pupil=recording.pupil is not None,
        ).to(recording.responses.device)
    with torch.no_grad():
        mean = (recording.responses[rows] / scales.response).mean(0)
        model.bias.copy_(mean - 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    generator = torch.Generator().manual_seed(seed)
    best, kept, waited, drops = -math.inf, model.state_dict(), 0, 0
    history: list[float] = []
    wanted = recording.responses / scales.response
    for number in range(1, epochs + 1):
        model.train()
        for part in rows[torch.randperm(len(rows), generator=generator)].split(batch):
            predicted = model(*_inputs(recording, scales, part))
            loss = poisson_nll_loss(predicted, wanted[part], log_input=False, eps=1e-6)
            loss = loss + sparseness * model.weights.abs().sum(0).mean()
            loss = loss + smoothness * model.roughness()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
        fitted = Fitted(model.eval(), scales, ())
        if not bool(loss.isfinite()):
            raise ValueError(
                f"the loss of epoch {number} is {loss.item()}; it may be a finite number: lower "
                "learning_rate"
            )
        history.append(fitted.correlation(recording, "validation").mean().item())
        on_epoch(number, history[-1])
        if history[-1] > best:
            best, waited = history[-1], 0
            kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            continue
        waited += 1
        if waited == patience:
            waited, drops = 0, drops + 1
            if drops == 3:
                break
            for group in optimizer.param_groups:
                group["lr"] *= 0.3
    model.load_state_dict(kept)
    return Fitted(model.eval(), scales, tuple(history))


def _inputs(
    recording: Recording, scales: Scales, rows: Tensor
) -> tuple[Tensor, Tensor | None, Tensor | None]:
    """What the model sees of trials: images, behaviour, pupil."""
    images = scales.images(recording.images[recording.shown[rows]])
    behaviour = pupil = None
    if recording.behaviour is not None and scales.behaviour_std is not None:
        behaviour = (recording.behaviour[rows] - scales.behaviour_mean) / scales.behaviour_std
    if recording.pupil is not None and scales.pupil_std is not None:
        pupil = (recording.pupil[rows] - scales.pupil_mean) / scales.pupil_std
    return images, behaviour, pupil


def _mean_state(scales: Scales, n: int) -> tuple[Tensor | None, Tensor | None]:
    """Behaviour and pupil of the mean trial, as :func:`_inputs` would scale them: zeros."""
    known = (scales.behaviour_std, scales.pupil_std)
    behaviour, pupil = (None if std is None else std.new_zeros(n, len(std)) for std in known)
    return behaviour, pupil
