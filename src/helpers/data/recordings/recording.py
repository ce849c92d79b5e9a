"""What was shown to an animal and what its neurons did: one scan, in one shape for every source."""

from dataclasses import dataclass, field
from textwrap import fill

import torch
from torch import Tensor

#: What a trial is for.
TIERS = ("train", "validation", "test")
#: What `behaviour` holds, column by column, in the order of the Sensorium recordings.
BEHAVIOUR = ("pupil dilation", "its derivative", "running speed")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Recording:
    """One scan of a population of neurons.

    Attributes:
        name: of the scan, for readers.
        source: where it comes from, and under which licence where that is known.
        images: (images, 1, h, w) uint8.
        shown: (trials,) int64, which image each trial shows.
        responses: (trials, neurons) float32, one number per trial: deconvolved calcium or spikes.
        tier: for each trial "train", "validation" or "test"; images of "test" are repeated.
        behaviour: (trials, 3) float32, see :data:`BEHAVIOUR`; None where none was recorded.
        pupil: (trials, 2) float32, the pupil's centre on the camera; None likewise.
        positions: (neurons, 3) float32, micrometres in the cortex; None likewise.
        note: what stands in for a recording; None when nothing does.

    Raises:
        ValueError: parts have different numbers of trials; a part has another shape, or images or
            numbers of images another type; a number is NaN or infinite; a tier is none of the
            three; a trial shows an image that is not there.
    """

    name: str
    source: str
    images: Tensor
    shown: Tensor
    responses: Tensor
    tier: tuple[str, ...] = field(default=())
    behaviour: Tensor | None = None
    pupil: Tensor | None = None
    positions: Tensor | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.responses.ndim != 2:
            raise ValueError(
                f"responses of {self.name} have shape {tuple(self.responses.shape)}; it may be "
                "(trials, neurons)"
            )
        self._check_images()
        trials = len(self.responses)
        sizes = {"shown": len(self.shown), "tier": len(self.tier)}
        for name in ("behaviour", "pupil"):
            values = getattr(self, name)
            if values is not None:
                sizes[name] = len(values)
        for name, size in sizes.items():
            if size != trials:
                raise ValueError(
                    f"{name} of {self.name} are {size}; they may be {trials}, one for each trial"
                )
        columns = {"behaviour": len(BEHAVIOUR), "pupil": 2, "positions": 3}
        for name, width in columns.items():
            values = getattr(self, name)
            rows = self.neurons if name == "positions" else trials
            if values is not None and values.shape != (rows, width):
                raise ValueError(
                    f"{name} of {self.name} have shape {tuple(values.shape)}; it may be "
                    f"{(rows, width)}"
                )
        for number, tier in enumerate(self.tier):
            if tier not in TIERS:
                raise ValueError(
                    f"tier of {self.name} is {tier!r} in trial {number}; it may be one of "
                    f"{', '.join(TIERS)}"
                )
        parts = {"responses": "trial", "behaviour": "trial", "pupil": "trial", "positions": "row"}
        for name, row in parts.items():
            values = getattr(self, name)
            if values is not None and not bool(values.isfinite().all()):
                number = int(values.isfinite().logical_not().nonzero()[0, 0])
                raise ValueError(f"{name} of {self.name} hold NaN or infinity in {row} {number}")
        if trials and not 0 <= int(self.shown.min()) <= int(self.shown.max()) < len(self.images):
            raise ValueError(
                f"shown of {self.name} spans {int(self.shown.min())} to {int(self.shown.max())}; "
                f"it may be from 0 to {len(self.images) - 1}"
            )

    def _check_images(self) -> None:
        """Images and which of them are shown, by shape and type."""
        images, shown = self.images, self.shown
        if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[1] != 1:
            raise ValueError(
                f"images of {self.name} are {images.dtype} {tuple(images.shape)}; they may be "
                "torch.uint8 (images, 1, h, w)"
            )
        if shown.dtype != torch.int64 or shown.ndim != 1:
            raise ValueError(
                f"shown of {self.name} is {shown.dtype} {tuple(shown.shape)}; it may be "
                "torch.int64 (trials,)"
            )

    @property
    def neurons(self) -> int:
        """Number of neurons."""
        return self.responses.shape[1]

    def trials(self, tier: str) -> Tensor:
        """The numbers of the trials of one tier, in their order.

        Raises:
            ValueError: there are none.
        """
        found = [number for number, each in enumerate(self.tier) if each == tier]
        if not found:
            raise ValueError(
                f"tier is {tier!r}; {self.name} has {', '.join(sorted(set(self.tier)))}"
            )
        return torch.tensor(found)

    def oracle(self, tier: str = "test") -> tuple[Tensor, Tensor]:
        """The images that were repeated, and the responses to each repeat.

        Where images were repeated unequally often, the first so many repeats of each count.

        Returns:
            Numbers of the images (n,) and responses (n, repeats, neurons).

        Raises:
            ValueError: an image of the tier was shown once only.
        """
        trials = self.trials(tier)
        numbers, counts = self.shown[trials].unique(return_counts=True)
        repeats = int(counts.min())
        if repeats < 2:
            once = int(numbers[counts.argmin()])
            raise ValueError(
                f"image {once} of {self.name} was shown once in {tier!r}; it may be repeated"
            )
        rows = [trials[self.shown[trials] == number][:repeats] for number in numbers]
        return numbers, self.responses[torch.stack(rows)]

    def __repr__(self) -> str:
        trials = ", ".join(f"{self.tier.count(tier):,} {tier}" for tier in dict.fromkeys(self.tier))
        facts = [
            ("scan", self.name),
            ("neurons", f"{self.neurons:,}"),
            ("trials", trials),
            ("images", f"{len(self.images):,} of {self.images.shape[2]}x{self.images.shape[3]}"),
            ("source", self.source),
        ]
        if self.note is not None:
            facts.append(("note", self.note))
        return "\n".join(
            fill(f"{key:>8}: {value}", 88, subsequent_indent=" " * 10) for key, value in facts
        )
