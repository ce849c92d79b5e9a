import os
import struct
from pathlib import Path

import numpy as np
import pytest

from helpers.data import DataError
from helpers.data.arrays import read_arrays
from helpers.models.fetch import SQUEEZENET_SHA256
from helpers.models.squeezenet import FILE, SqueezeNet
from helpers.models.squeezenet_compressed import decompressed, digest_of, layers


def compressed(arrays):
    """The file of some arrays, entry by entry: at most 256 different weights in a layer, 0 first.

    An entry says how many zeros are left out before it; where there are more than 15, an entry of
    weight 0 stands behind 15 of them.
    """
    counts, parts = [], []
    for name in layers():
        weights, bias = arrays[f"{name}.weight"].ravel(), arrays[f"{name}.bias"]
        book = np.unique(weights)
        book = np.concatenate([[0], book[book != 0]]).astype("<f4")
        code_of = {value: code for code, value in enumerate(book.tolist())}
        gaps, codes, left_out = [], [], 0
        for weight in weights.tolist():
            if weight == 0 and left_out < 15:
                left_out += 1
                continue
            gaps.append(left_out)
            codes.append(code_of[weight])
            left_out = 0
        counts.append(len(codes))
        if len(gaps) % 2:
            gaps.append(0)
        halves = bytes(low | high << 4 for low, high in zip(gaps[::2], gaps[1::2], strict=True))
        padded = np.zeros(256, "<f4")
        padded[: len(book)] = book
        parts += [padded.tobytes(), bias.astype("<f4").tobytes(), bytes(codes), halves]
    return struct.pack(f"<{len(counts)}I", *counts) + b"".join(parts)


@pytest.fixture(scope="module")
def sparse():
    """Weights of which most are 0, often more than fifteen in a row."""
    rng, arrays = np.random.default_rng(0), {}
    for name, shape in layers().items():
        book = rng.normal(0, 0.05, 255).astype(np.float32)
        weights = rng.choice(book, shape)
        weights[rng.random(shape) < 0.93] = 0
        arrays[f"{name}.weight"] = weights
        arrays[f"{name}.bias"] = rng.normal(0, 0.05, shape[0]).astype(np.float32)
    return arrays


def test_the_layers_are_those_of_the_network():
    sizes = [tuple(p.shape) for name, p in SqueezeNet().named_parameters() if "weight" in name]
    assert list(layers().values()) == sizes


def test_what_was_compressed_comes_back(sparse):
    found = decompressed(compressed(sparse))
    assert found.keys() == sparse.keys()
    for name, array in sparse.items():
        assert found[name].dtype == np.float32
        np.testing.assert_array_equal(found[name], array)
    assert digest_of(found) == digest_of(sparse)


def test_another_weight_is_another_digest(sparse):
    other = dict(sparse)
    other["conv1.bias"] = other["conv1.bias"] + np.float32(1e-6)
    assert digest_of(other) != digest_of(sparse)
    del other["conv1.bias"]
    with pytest.raises(KeyError, match=r"conv1\.bias"):
        digest_of(other)


def test_torn_files(sparse):
    raw = compressed(sparse)
    with pytest.raises(DataError, match=r"should have [\d,]+ or more; it is truncated"):
        decompressed(raw[:-1])
    with pytest.raises(DataError, match="and should have"):
        decompressed(raw + b"x")
    with pytest.raises(DataError, match="truncated"):
        decompressed(b"")
    gaps = 26 * 4 + 4 * 256 + 4 * 96 + struct.unpack("<I", raw[:4])[0]
    torn = raw[:gaps] + b"\xff" * 1_000 + raw[gaps + 1_000 :]
    with pytest.raises(DataError, match=r"an entry [\d,]+ of conv1, which has 14,112 weights"):
        decompressed(torn)


def test_the_published_weights_are_the_expected_ones():
    folder = os.environ.get("BORROWED_BRAINS_DATA")
    if folder is None or not (Path(folder) / FILE).exists():
        pytest.skip(f"BORROWED_BRAINS_DATA names no folder with {FILE}: nothing to check")
    held = read_arrays(Path(folder) / FILE)
    assert digest_of(held) == SQUEEZENET_SHA256
    raw = compressed(held)
    # The 660 kB (of 1,024 bytes) that their authors give as the file's size.
    assert round(len(raw) / 1024) == 660
    assert digest_of(decompressed(raw)) == SQUEEZENET_SHA256
