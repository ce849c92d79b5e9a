"""SqueezeNet 1.0 as its authors published it compressed: from 0.66 MB to plain arrays."""

import numpy as np
import torch
from numpy.typing import NDArray

from helpers.data.integrity import DataError
from helpers.digest import digest_tensors
from helpers.models.squeezenet import FIRES

#: Different weights that a layer may have.
CODES = 256


def layers() -> dict[str, tuple[int, ...]]:
    """By name the shape of each layer's weights, in the order of the file."""
    shapes: dict[str, tuple[int, ...]] = {"conv1": (96, 3, 7, 7)}
    channels = 96
    for number, (squeezed, expanded) in FIRES.items():
        shapes[f"fire{number}__conv1x1_1"] = (squeezed, channels, 1, 1)
        shapes[f"fire{number}__conv1x1_2"] = (expanded, squeezed, 1, 1)
        shapes[f"fire{number}__conv3x3_2"] = (expanded, squeezed, 3, 3)
        channels = 2 * expanded
    return shapes | {"conv_final": (1000, channels, 1, 1)}


def decompressed(raw: bytes) -> dict[str, NDArray[np.float32]]:
    """The weights and biases of every layer, by the names that ``read_squeezenet`` expects.

    The file begins with 26 counts of entries (uint32). Then come for every layer 256 different
    weights and the biases (float32); a code for each entry (uint8), which of the 256 weights it
    has; and half a byte for each entry, lower half first, how many weights are left out before it,
    whose code is 0. Where more than 15 are left out, entries of code 0 stand between.

    Args:
        raw: the file's bytes.

    Raises:
        DataError: it is shorter or longer than its counts say, or an entry lies behind the last
            weight of its layer.

    Source: Han, Mao and Dally (2016), and the program ``decode.py`` beside the file.
    """
    shapes, place = layers(), 0

    def take(kind: str, count: int) -> NDArray:
        nonlocal place
        start, place = place, place + count * np.dtype(kind).itemsize
        if place > len(raw):
            raise DataError(
                f"the compressed SqueezeNet has {len(raw):,} bytes and should have {place:,} or "
                "more; it is truncated or another file"
            )
        return np.frombuffer(raw, kind, count, start)

    arrays = {}
    counts = take("<u4", len(shapes)).tolist()
    for (name, shape), count in zip(shapes.items(), counts, strict=True):
        weights, bias = take("<f4", CODES), take("<f4", shape[0])
        codes = take("u1", count)
        halves = take("u1", (count + 1) // 2)
        gaps = np.stack([halves & 15, halves >> 4], 1).flatten()[:count]
        entries = np.cumsum(gaps.astype(np.int64) + 1) - 1
        code = np.zeros(np.prod(shape), np.uint8)
        if count and entries[-1] >= len(code):
            raise DataError(
                f"the compressed SqueezeNet has an entry {entries[-1]:,} of {name}, which has "
                f"{len(code):,} weights; it is corrupt or another file"
            )
        code[entries] = codes
        arrays[f"{name}.weight"] = weights[code].reshape(shape)
        arrays[f"{name}.bias"] = bias.copy()
    if place != len(raw):
        raise DataError(
            f"the compressed SqueezeNet has {len(raw):,} bytes and should have {place:,}"
        )
    return arrays


def digest_of(arrays: dict[str, NDArray[np.float32]]) -> str:
    """The SHA-256 over all weights and biases, layer by layer in the order of the file.

    Raises:
        KeyError: a layer is missing.
    """
    names = [f"{layer}.{part}" for layer in layers() for part in ("weight", "bias")]
    return digest_tensors(torch.from_numpy(arrays[name]) for name in names)
