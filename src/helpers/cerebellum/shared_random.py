"""Random numbers that Python and a reader's browser draw alike, so that weights need not travel.

The twin of ``helpers/widgets/scripts/numerics.mjs``. The n-th word of a seed is a hash of both
(Mulberry32, by Tommy Ettinger): any part of the sequence can be drawn by itself. Good enough for
the weights of a random layer, and for nothing that has to be secret.
"""

import numpy as np
from numpy.typing import NDArray

from helpers.checks import check_count

#: Odd, so that a counter times it visits all words.
_STEP = 0x6D2B79F5


def words(seed: int, count: int, *, start: int = 0) -> NDArray[np.uint32]:
    """`count` random 32-bit words of `seed`, from number `start` on.

    Raises:
        ValueError: `seed`, `count` or `start` is negative or `seed` needs more than 32 bits.
    """
    check_count("seed", seed, 0, 2**32 - 1)
    check_count("count", count, 0)
    check_count("start", start, 0)
    number = np.arange(start + 1, start + count + 1, dtype=np.uint64)
    a = (np.uint64(seed) + number * np.uint64(_STEP)).astype(np.uint32)
    t = (a ^ (a >> np.uint32(15))) * (a | np.uint32(1))
    t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
    return t ^ (t >> np.uint32(14))


def normals(seed: int, count: int, *, start: int = 0) -> NDArray[np.float32]:
    """`count` standard normal numbers of `seed`, number `start` on; two words make one.

    The cosine half of the Box-Muller transform, in double precision, rounded in the end.

    Raises:
        ValueError: see :func:`words`.
    """
    drawn = words(
        seed, 2 * check_count("count", count, 0), start=2 * check_count("start", start, 0)
    )
    u = drawn.astype(np.float64) / 2**32
    # 1 - u lies in (0, 1]: its logarithm is finite.
    radius = np.sqrt(-2 * np.log(1 - u[::2]))
    return (radius * np.cos(2 * np.pi * u[1::2])).astype(np.float32)


def below(seed: int, count: int, limit: int) -> NDArray[np.int32]:
    """`count` whole numbers from 0 to ``limit - 1``.

    Raises:
        ValueError: see :func:`words`; `limit` is below 1.
    """
    check_count("limit", limit, 1, 2**32)
    return (words(seed, count).astype(np.uint64) * np.uint64(limit) >> np.uint64(32)).astype(
        np.int32
    )
