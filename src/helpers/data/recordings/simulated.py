"""A simulated scan of mouse V1, for where there is no recording: it says so wherever it is used.

Every cell is a pair of Gabor filters in quadrature. A *complex* cell answers with their energy, a
*simple* cell with the rectified output of one. Rates are divided by the image's
contrast, scaled by a gain that the whole population shares, by running and by the pupil; spikes are
Poisson. The eye moves, so the pupil's centre shifts what all cells look at.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from helpers.checks import check_count, check_fraction, check_images, check_positive
from helpers.data.recordings.recording import Recording

NOTE = (
    "a simulated population (Gabor energy cells, shared gain, Poisson noise) takes the place of a "
    "recording; `brains data mouse_v1` brings recorded ones"
)


@dataclass(frozen=True, kw_only=True)
class Population:
    """A population of V1 cells; the defaults are round numbers in the range of mouse V1.

    Attributes:
        neurons: number of cells.
        complex: share of complex cells.
        frequency: lowest and highest preferred spatial frequency, cycles per width of the image.
        aspect: length over width of a receptive field.
        bandwidth: standard deviation of the Gaussian envelope in periods of the grating.
        rate: mean response of a cell to the images, in expected spikes.
        sparseness: power of the normalised drive; higher ones make responses rarer and larger.
        shared: standard deviation of the logarithm of the gain that all cells share in a trial.
        running: how much more a cell fires at a speed of 1, as a share, in the mean over cells.
        gaze: standard deviation of the gaze in pixels.
    """

    neurons: int = 300
    complex: float = 0.5
    frequency: tuple[float, float] = (1.0, 5.0)
    aspect: float = 1.3
    bandwidth: float = 0.4
    rate: float = 1.0
    sparseness: float = 1.5
    shared: float = 0.3
    running: float = 0.5
    gaze: float = 1.0

    def __post_init__(self) -> None:
        check_count("neurons", self.neurons, 1)
        if not 0 <= self.complex <= 1:
            raise ValueError(f"complex is {self.complex}; it may be from 0 to 1")
        low, high = self.frequency
        if not 0 < low <= high:
            raise ValueError(
                f"frequency is {self.frequency}; it may be two numbers 0 < low <= high"
            )
        for name in ("aspect", "bandwidth", "rate", "sparseness"):
            check_positive(name, getattr(self, name))
        for name in ("shared", "running", "gaze"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} is {getattr(self, name)}; it may be 0 or above")


@dataclass(frozen=True, eq=False, repr=False)
class Cells:
    """What each cell is, drawn from a :class:`Population`.

    Attributes:
        even, odd: (neurons, h * w) the Gabor filters in quadrature, each with sum 0 and length 1.
        is_complex: (neurons,) bool.
        centre: (neurons, 2) x and y of the receptive field in pixels.
        running: (neurons,) the effect of running, see :class:`Population`.
    """

    even: Tensor
    odd: Tensor
    is_complex: Tensor
    centre: Tensor
    running: Tensor


def cells(population: Population, height: int, width: int, *, seed: int) -> Cells:
    """Draw the cells of a population that looks at images of `height` by `width` pixels.

    Raises:
        ValueError: a side is below 4 pixels.
    """
    check_count("height", height, 4)
    check_count("width", width, 4)
    generator = torch.Generator().manual_seed(check_count("seed", seed, 0))
    n = population.neurons

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, generator=generator)

    low, high = (math.log(frequency / width) for frequency in population.frequency)
    frequency = uniform(low, high).exp()
    angle, phase = uniform(0, math.pi), uniform(0, 2 * math.pi)
    centre = torch.stack([uniform(0, width - 1), uniform(0, height - 1)], 1)
    x = torch.arange(width)[None, None, :] - centre[:, 0, None, None]
    y = torch.arange(height)[None, :, None] - centre[:, 1, None, None]
    turn = angle[:, None, None]
    across = x * turn.cos() + y * turn.sin()
    along = y * turn.cos() - x * turn.sin()
    sigma = population.bandwidth / frequency[:, None, None]
    envelope = torch.exp(-(across**2 + (along / population.aspect) ** 2) / (2 * sigma**2))
    wave = 2 * math.pi * frequency[:, None, None] * across + phase[:, None, None]
    even, odd = (_normal(envelope, envelope * wave_form) for wave_form in (wave.cos(), wave.sin()))
    return Cells(
        even=even,
        odd=odd,
        is_complex=torch.rand(n, generator=generator) < population.complex,
        centre=centre,
        running=population.running * 2 * torch.rand(n, generator=generator),
    )


def _normal(envelope: Tensor, gabor: Tensor) -> Tensor:
    """Gabors without answer to uniform gray, of length 1: (neurons, h, w) to (neurons, h * w)."""
    share = gabor.sum((1, 2), keepdim=True) / envelope.sum((1, 2), keepdim=True)
    flat = (gabor - envelope * share).flatten(1)
    return flat / flat.norm(dim=1, keepdim=True)


def rates(population: Population, drawn: Cells, images: Tensor) -> Tensor:
    """How strongly images drive every cell, without what the animal does, (n, neurons).

    Spikes up to a factor of each cell: :func:`simulate` scales them to the rate it is asked for.

    Args:
        population: the settings.
        drawn: the cells.
        images: (n, 1, h, w) in [0, 1], of the size that the cells look at.

    Raises:
        ValueError: the images have another size or are not in [0, 1].
    """
    check_images(images)
    if images[0].numel() != drawn.even.shape[1]:
        raise ValueError(
            f"images have {images[0].numel()} pixels; they may have {drawn.even.shape[1]}"
        )
    flat = images.flatten(1).float()
    flat = flat - flat.mean(1, keepdim=True)
    even, odd = flat @ drawn.even.T, flat @ drawn.odd.T
    drive = torch.where(drawn.is_complex, (even**2 + odd**2).sqrt(), even.clamp(min=0))
    # Divided by the contrast of the whole image, and by a constant where there is next to none.
    contrast = flat.std(1, keepdim=True)
    return population.rate * (drive / (contrast + 0.05)).pow(population.sparseness)


def simulate(
    images: Tensor,
    population: Population | None = None,
    *,
    repeats: int = 10,
    repeated: int = 100,
    validation: float = 0.1,
    scan: int = 0,
    seed: int = 0,
) -> Recording:
    """A scan: every image once, but the last ones several times.

    Args:
        images: (n, 1, h, w) uint8.
        population: the cells' settings.
        repeats: how often a repeated image is shown.
        repeated: the number of repeated images, the last ones; their tier is "test".
        validation: share of the others whose tier is "validation", below 1.
        scan: draws other cells from the same population, from 0.
        seed: of the order of trials, the animal's behaviour and the spikes.

    Returns:
        Responses are spike counts. Behaviour and pupil are those of the Sensorium recordings.

    Raises:
        ValueError: the images are not uint8 (n, 1, h, w), or fewer than `repeated` and two more;
            `repeats` or `repeated` is below 1, `validation` not in [0, 1), or `scan` or `seed`
            below 0.
    """
    population = Population() if population is None else population
    if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[1] != 1:
        raise ValueError(
            f"images are {images.dtype} {tuple(images.shape)}; they may be uint8 (n, 1, h, w)"
        )
    check_count("repeats", repeats, 1)
    check_count("repeated", repeated, 1)
    check_fraction("validation", validation)
    check_count("scan", scan, 0)
    check_count("seed", seed, 0)
    if len(images) < repeated + 2:
        raise ValueError(f"images are {len(images)}; they may be at least {repeated + 2}")
    height, width = images.shape[2:]
    drawn = cells(population, height, width, seed=scan)
    generator = torch.Generator().manual_seed(seed * 1000 + scan)
    once = len(images) - repeated
    tested = torch.arange(once, len(images)).repeat(repeats)
    shown = torch.cat([torch.randperm(once, generator=generator), tested])
    held = round(validation * once)
    tier = ("validation",) * held + ("train",) * (once - held) + ("test",) * len(tested)
    order = torch.randperm(len(shown), generator=generator)
    shown, tier = shown[order], tuple(tier[i] for i in order.tolist())
    trials = len(shown)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator)

    # It runs now and then, for many trials in a row; the pupil is wide while it does.
    speed = _slow(normal(trials, 1)).clamp(min=0)[:, 0]
    dilation = 1 + 0.5 * speed + 0.3 * _slow(normal(trials, 1))[:, 0]
    gaze = population.gaze * _slow(normal(trials, 2))
    seen = _shifted(images[shown].float() / 255, gaze)
    gain = torch.exp(population.shared * normal(trials, 1) + 0.2 * (dilation[:, None] - 1))
    expected = rates(population, drawn, seen)
    expected = expected / expected.mean(0).clamp(min=1e-6) * population.rate
    expected = expected * gain * (1 + drawn.running * speed[:, None].clamp(max=2))
    derivative = torch.diff(dilation, prepend=dilation[:1])
    return Recording(
        name=f"simulated-{scan}",
        source="simulated, helpers.data.recordings.simulated",
        images=images,
        shown=shown,
        responses=torch.poisson(expected, generator=generator),
        tier=tier,
        behaviour=torch.stack([dilation, derivative, speed], 1),
        pupil=gaze,
        positions=torch.cat([10 * drawn.centre, torch.full((len(drawn.centre), 1), 200.0)], 1),
        note=NOTE,
    )


def _slow(noise: Tensor, *, memory: float = 0.95) -> Tensor:
    """Noise (trials, k) that remembers, with a standard deviation of about 1."""
    state, states = noise[0], [noise[0]]
    for fresh in noise[1:]:
        state = memory * state + (1 - memory**2) ** 0.5 * fresh
        states.append(state)
    return torch.stack(states)


def _shifted(images: Tensor, gaze: Tensor) -> Tensor:
    """Images (n, 1, h, w) as an eye sees them that looks `gaze` pixels (n, 2) away, x and y."""
    height, width = images.shape[2:]
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    places = torch.stack([x, y], -1) + gaze[:, None, None, :]
    scale = torch.tensor([(width - 1) / 2, (height - 1) / 2])
    return torch.nn.functional.grid_sample(
        images, places / scale - 1, mode="bilinear", padding_mode="reflection", align_corners=True
    ).clamp(0, 1)
