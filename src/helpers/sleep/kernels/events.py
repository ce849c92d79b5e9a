"""A Numba kernel that sleeps: only who fires costs anything.

The additive rule changes a synapse of a cell that fired by ``(a + b) pre - b``: with W = M - b n,
where n counts how often the receiving cell fired, only synapses between two cells that fired have
to be touched. The gated rule touches all synapses of a cell that fired, but its gate is exactly 2
or 0 beyond :data:`SATURATED`, which saves the exponential.

The network only feeds forward and learning is local, so a layer can run through many steps before
the next one starts. Weights lie in tiles of receiving cells that stay in the nearest cache.
"""

import numpy as np
from numba import njit, prange

#: Receiving cells of a tile: their synapses fit the second cache, and a loop over them is long
#: enough for vectors.
TILE = 64
#: Beyond so many of its widths the gate is 2 or 0 to the last bit of 64.
SATURATED = 40
#: After so many spikes of a cell its b n goes into M, before the difference loses digits.
FOLD = 256


@njit(cache=True)
def listed(spikes):
    """Who fires in each step of spikes (steps, cells): numbers, and where each step begins."""
    steps, cells = spikes.shape
    first = np.zeros(steps + 1, np.int64)
    for t in range(steps):
        count = 0
        for i in range(cells):
            count += spikes[t, i]
        first[t + 1] = first[t] + count
    numbers = np.empty(first[-1], np.int32)
    place = 0
    for t in range(steps):
        for i in range(cells):
            if spikes[t, i]:
                numbers[place] = i
                place += 1
    return numbers, first


@njit(fastmath={"contract"}, error_model="numpy", cache=True)
def _pull(weights, numbers, start, end, pull):
    """pull (TILE,) = the sum of the rows of `weights` that fire, four at a time."""
    for lane in range(TILE):
        pull[lane] = 0
    whole = start + (end - start) // 4 * 4
    for place in range(start, whole, 4):
        r0, r1 = weights[numbers[place]], weights[numbers[place + 1]]
        r2, r3 = weights[numbers[place + 2]], weights[numbers[place + 3]]
        for lane in range(TILE):
            pull[lane] += (r0[lane] + r1[lane]) + (r2[lane] + r3[lane])
    for place in range(whole, end):
        row = weights[numbers[place]]
        for lane in range(TILE):
            pull[lane] += row[lane]


@njit(parallel=True, fastmath={"contract"}, error_model="numpy", cache=True)
def run_layer(
    M,
    n,
    voltage,
    bias,
    cells,
    numbers,
    first,
    gain,
    threshold,
    leak,
    potentiation,
    depression,
    gated,
    width,
):
    """All steps of one layer; M, n and voltage change in place. Returns spikes (steps, cells).

    Shapes: M (tiles, sending cells, TILE); n, voltage and bias (tiles, TILE), of which the first
    `cells` count. `numbers` and `first` list the spikes of the sending cells, see :func:`listed`.
    The width of the gate is an argument as Numba keeps compiled kernels until this file changes: of
    a constant from another file they would keep an old value.
    """
    tiles, sending, _ = M.shape
    steps, zero = len(first) - 1, M.dtype.type(0)
    spikes = np.zeros((steps, tiles * TILE), np.bool_)
    for tile in prange(tiles):
        weights, v, b, count = M[tile], voltage[tile], bias[tile], n[tile]
        pull, fired = np.zeros(TILE, M.dtype), np.zeros(TILE, np.int64)
        active = np.zeros(sending, np.bool_)
        real = min(TILE, cells - tile * TILE)
        for t in range(steps):
            start, end = first[t], first[t + 1]
            _pull(weights, numbers, start, end, pull)
            lowered = depression * M.dtype.type(end - start)
            for lane in range(TILE):
                v[lane] = leak * v[lane] + (gain * (pull[lane] - lowered * count[lane]) + b[lane])
            firing = 0
            for lane in range(real):
                if v[lane] >= threshold:
                    fired[firing] = lane
                    firing += 1
            if gated and firing > 0:
                for place in range(start, end):
                    active[numbers[place]] = True
            for each in range(firing):
                lane = fired[each]
                v[lane] = zero
                spikes[t, tile * TILE + lane] = True
                if gated:
                    _gated(weights, lane, active, potentiation, depression, width)
                    continue
                for place in range(start, end):
                    weights[numbers[place], lane] += potentiation + depression
                count[lane] += 1
                if count[lane] == FOLD:
                    for i in range(sending):
                        weights[i, lane] -= depression * count[lane]
                    count[lane] = 0
            if gated and firing > 0:
                for place in range(start, end):
                    active[numbers[place]] = False
    return spikes[:, :cells]


@njit(fastmath={"contract"}, error_model="numpy", cache=True)
def _gated(weights, lane, active, potentiation, depression, width):
    """The gated rule on all synapses of one cell that fired."""
    kind = weights.dtype.type
    one, two, far = kind(1), kind(2), kind(SATURATED) * width
    for i in range(len(weights)):
        w = weights[i, lane]
        if w > far:
            continue
        gate = two
        if w >= -far:
            gate = two * (one - one / (one + np.exp(-w / width)))
        weights[i, lane] = w + (potentiation if active[i] else -depression) * gate
