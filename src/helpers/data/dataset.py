"""What `load` returns: whole sets of images as uint8 tensors."""

import re
from dataclasses import dataclass
from html import escape

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Dataset:
    """One set of labelled images, whole, on one device.

    Attributes:
        name: the data really held, such as ``mnist`` or ``digits``.
        asked: the name that was asked for.
        train_images, test_images: uint8 of shape (n, channels, height, width), 0 to 255.
        train_labels, test_labels: int64 of shape (n,), each an index into `classes`.
        classes: the name of each class.
        source: where the images come from, for readers.
        note: what stands in for what was asked, and how to get that; None when nothing does.
    """

    name: str
    asked: str
    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor
    classes: tuple[str, ...]
    source: str
    note: str | None = None

    @property
    def stand_in(self) -> bool:
        """Whether other data took the place of what was asked for."""
        return self.note is not None

    def _facts(self) -> list[tuple[str, str]]:
        channels, height, width = self.train_images.shape[1:]
        facts = [
            ("data", self.name),
            ("images", f"{len(self.train_images):,} to train, {len(self.test_images):,} to test"),
            ("shape", f"{channels} x {height} x {width}, uint8, {self.train_images.device}"),
            ("classes", str(len(self.classes))),
            ("source", self.source),
        ]
        return facts if self.note is None else [*facts, ("note", self.note)]

    def __repr__(self) -> str:
        return "\n".join(f"{key:>7}: {value}" for key, value in self._facts())

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{key}</th><td>{_code(escape(value))}</td></tr>'
            for key, value in self._facts()
        )
        return f"<table>{rows}</table>"


def _code(text: str) -> str:
    """Words between backticks as code, as a page shows them."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)


def as_float(images: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """Images as floating point in [0, 1]: uint8 divided by 255, shape and device kept.

    Raises:
        ValueError: `images` are not uint8, or `dtype` is not floating point.
    """
    if images.dtype != torch.uint8:
        raise ValueError(f"images are {images.dtype}; they may be torch.uint8")
    if not dtype.is_floating_point:
        raise ValueError(f"dtype is {dtype}; it may be a floating point type")
    return images.to(dtype) / 255
