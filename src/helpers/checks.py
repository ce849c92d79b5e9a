"""Argument checks: an error names the argument, what it was and what it may be."""

import math
import operator
from collections.abc import Mapping
from numbers import Number

import torch
from torch import Tensor


def check_fraction(name: str, value: float) -> float:
    """Return `value` if it lies in [0, 1)."""
    if not (_is_finite(value) and 0 <= value < 1):
        raise _refusal(name, value, "in [0, 1)")
    return value


def check_finite(name: str, value: float) -> float:
    """Return `value` if it is neither infinite nor NaN."""
    if not _is_finite(value):
        raise _refusal(name, value, "a finite number")
    return value


def check_not_negative(name: str, value: float) -> float:
    """Return `value` if it is finite and not below zero."""
    if not (_is_finite(value) and value >= 0):
        raise _refusal(name, value, "a finite number that is not negative")
    return value


def check_eps(eps: float) -> float:
    """Return `eps`, the radius of a perturbation, if it is finite and not negative."""
    return check_not_negative("eps", eps)


def check_count(name: str, value: int, low: int, high: int | None = None) -> int:
    """Return the whole number `value` if ``low <= value`` and, where given, ``value <= high``."""
    try:
        whole = operator.index(value)  # NumPy's whole numbers too
    except TypeError:
        whole = None
    if whole is None or isinstance(value, bool):
        raise ValueError(f"{name} is {value!r}; it may be a whole number")
    if value < low or (high is not None and value > high):
        span = f"at least {low}" if high is None else f"from {low} to {high}"
        raise ValueError(f"{name} is {value}; it may be {span}")
    return whole


def check_positive(name: str, value: float) -> float:
    """Return `value` if it is finite and above zero."""
    if not (_is_finite(value) and value > 0):
        raise _refusal(name, value, "a finite number above 0")
    return value


def check_images(images: Tensor) -> Tensor:
    """Return `images` if they are floating point, finite and inside [0, 1]."""
    if not isinstance(images, Tensor):
        raise ValueError(f"images are of type {type(images).__name__}; they may be a torch.Tensor")
    if not images.is_floating_point():
        raise ValueError(f"images are {images.dtype}; they may be floating point in [0, 1]")
    if images.ndim < 2:
        raise ValueError(f"images have shape {tuple(images.shape)}; they may be (n, ...)")
    if images.numel() == 0:
        return images
    low, high = (value.item() for value in torch.aminmax(images))
    if math.isnan(low) or math.isnan(high):
        raise ValueError("images hold NaN; every pixel may be a number in [0, 1]")
    if low < 0 or high > 1:
        raise ValueError(f"images span [{low:g}, {high:g}]; every pixel may be in [0, 1]")
    return images


def check_labels(labels: Tensor, n: int, classes: int, *, name: str = "labels") -> Tensor:
    """Return `labels` if they are `n` whole numbers from 0 to ``classes - 1``."""
    if not isinstance(labels, Tensor):
        raise ValueError(f"{name} are of type {type(labels).__name__}; they may be a torch.Tensor")
    if labels.dtype not in (torch.int64, torch.int32, torch.uint8):
        raise ValueError(
            f"{name} are {labels.dtype}; they may be whole numbers (int64, int32 or uint8)"
        )
    if labels.shape != (n,):
        raise ValueError(f"{name} have shape {tuple(labels.shape)}; it may be ({n},)")
    if n and (labels.min() < 0 or labels.max() >= classes):
        raise ValueError(
            f"{name} span {labels.min().item()} to {labels.max().item()}; "
            f"they may be from 0 to {classes - 1}"
        )
    return labels


def check_same_device(**tensors: Tensor) -> torch.device:
    """Return the one device of all `tensors`."""
    devices = {name: tensor.device for name, tensor in tensors.items()}
    if len(set(devices.values())) > 1:
        places = ", ".join(f"{name} on {device}" for name, device in devices.items())
        raise ValueError(f"tensors are on different devices ({places}); they may be on one")
    return next(iter(devices.values()))


def check_choice(name: str, value: str, choices: Mapping[str, object] | tuple[str, ...]) -> str:
    """Return `value` if it is one of `choices`."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} is {value!r}; it may be one of {', '.join(choices)}")
    return value


def _is_finite(value: object) -> bool:
    """Whether `value` is a number at all, and neither infinite nor NaN."""
    try:
        return math.isfinite(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, RuntimeError):  # text, None, an array, a tensor of several
        return False


def _refusal(name: str, value: object, may: str) -> ValueError:
    """The error for a value that is no such number; what is no number at all shows its kind."""
    shown = value if isinstance(value, Number) else repr(value)
    return ValueError(f"{name} is {shown}; it may be {may}")
