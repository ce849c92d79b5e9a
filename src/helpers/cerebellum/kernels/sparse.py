"""Numba kernels of a sparse granule layer fused with its readout.

The hidden activity of one batch, (n, m), is never stored: at m = 200,000 it would be the largest
array by far, so a cell's activity is recomputed where it is needed. The images of a tile are the
contiguous axis (inputs are (d, TILE)), so that a synapse is a few vector operations of a length
known to the compiler. Each thread owns a range of cells and sums into arrays of its own: no
atomics, and the same result at every run with the same number of threads.

Shapes: x (d, TILE), indices and weights (m, k), mu (m,), W (m, c), error and upstream (c, TILE);
`partial` has a first axis of threads, and its sum over that axis is the result. Scalars have to be
of the arrays' type: with a Python float, Numba computes everything in double precision.
"""

import numpy as np
from numba import njit, prange

#: Images that are worked on at a time; a smaller batch is padded with zeros.
TILE = 64
#: Cells whose gradients are gathered before their synapses take a step.
CELLS = 64
#: Sums may be reordered; NaN and infinity may not be assumed away.
FAST = {"reassoc", "contract", "arcp", "nsz"}


@njit(fastmath=FAST, inline="always")
def _drive(x, indices, weights, i, out):
    """out[b] = sum_j weights[i, j] x[indices[i, j], b], the drive of cell i by each image b."""
    k = indices.shape[1]
    whole = k // 4 * 4  # four synapses at a time: `out` is loaded and stored once for them
    for b in range(TILE):
        out[b] = 0
    for j in range(0, whole, 4):
        r0, r1, r2, r3 = indices[i, j], indices[i, j + 1], indices[i, j + 2], indices[i, j + 3]
        v0, v1, v2, v3 = weights[i, j], weights[i, j + 1], weights[i, j + 2], weights[i, j + 3]
        for b in range(TILE):
            out[b] += v0 * x[r0, b] + v1 * x[r1, b] + v2 * x[r2, b] + v3 * x[r3, b]
    for j in range(whole, k):
        row, weight = indices[i, j], weights[i, j]
        for b in range(TILE):
            out[b] += weight * x[row, b]


@njit(fastmath=FAST, inline="always")
def _through_readout(W, upstream, i, out):
    """out[b] = sum_j W[i, j] upstream[j, b], the gradient that reaches cell i."""
    c = W.shape[1]
    whole = c // 5 * 5
    for b in range(TILE):
        out[b] = 0
    for j in range(0, whole, 5):
        w0, w1, w2, w3, w4 = W[i, j], W[i, j + 1], W[i, j + 2], W[i, j + 3], W[i, j + 4]
        for b in range(TILE):
            out[b] += (
                w0 * upstream[j, b]
                + w1 * upstream[j + 1, b]
                + w2 * upstream[j + 2, b]
                + w3 * upstream[j + 3, b]
                + w4 * upstream[j + 4, b]
            )
    for j in range(whole, c):
        for b in range(TILE):
            out[b] += W[i, j] * upstream[j, b]


@njit(fastmath=FAST, inline="always")
def _centred(x, indices, weights, mu, i, out, beta, n):
    """out[b] = max(drive, 0) - mu[i]; with `beta`, mu[i] first moves to the mean of n images."""
    zero, one = x.dtype.type(0), x.dtype.type(1)
    _drive(x, indices, weights, i, out)
    for b in range(TILE):
        out[b] = max(out[b], zero)
    if beta is not None:
        total = zero
        for b in range(TILE):
            total += out[b]
        mu[i] = beta * mu[i] + (one - beta) * total / n
    for b in range(TILE):
        out[b] -= mu[i]


@njit(parallel=True, fastmath=FAST, error_model="numpy", cache=True)
def outputs(x, indices, weights, mu, W, partial, beta=None, n=TILE):
    """W^T (relu(J^T x) - mu): partial is (threads, c, TILE).

    With `beta`, mu first moves towards the mean activity over the first `n` images.
    """
    m, c, threads = len(indices), W.shape[1], len(partial)
    for t in prange(threads):
        out = np.zeros((c, TILE), x.dtype)
        z = np.empty((4, TILE), x.dtype)
        first, last = t * m // threads, (t + 1) * m // threads
        whole = first + (last - first) // 4 * 4  # four cells at a time, as in _drive
        for i in range(first, whole, 4):
            for q in range(4):
                _centred(x, indices, weights, mu, i + q, z[q], beta, n)
            for j in range(c):
                w0, w1, w2, w3 = W[i, j], W[i + 1, j], W[i + 2, j], W[i + 3, j]
                for b in range(TILE):
                    out[j, b] += w0 * z[0, b] + w1 * z[1, b] + w2 * z[2, b] + w3 * z[3, b]
        for i in range(whole, last):
            _centred(x, indices, weights, mu, i, z[0], beta, n)
            for j in range(c):
                for b in range(TILE):
                    out[j, b] += W[i, j] * z[0, b]
        partial[t] = out


@njit(parallel=True, fastmath=FAST, error_model="numpy", cache=True)
def input_gradient(x, indices, weights, W, upstream, partial):
    """The gradient for x of sum(upstream * outputs): partial is (threads, d, TILE)."""
    m, k, threads, zero = len(indices), indices.shape[1], len(partial), x.dtype.type(0)
    for t in prange(threads):
        out = np.zeros(x.shape, x.dtype)
        drive = np.empty(TILE, x.dtype)
        gradient = np.empty(TILE, x.dtype)
        for i in range(t * m // threads, (t + 1) * m // threads):
            _drive(x, indices, weights, i, drive)
            _through_readout(W, upstream, i, gradient)
            for b in range(TILE):
                gradient[b] = gradient[b] if drive[b] > zero else zero
            for j in range(k):
                row, weight = indices[i, j], weights[i, j]
                for b in range(TILE):
                    out[row, b] += weight * gradient[b]
        partial[t] = out


@njit(parallel=True, fastmath=FAST, error_model="numpy", cache=True)
def learn(x, error, indices, weights, mu, W, mean_square, rate, decay, epsilon, threads):
    """One step of RMSprop on W and its running square (both in place), one tile of images.

    `error` is e times the loss's factor, and zero for the padding.
    """
    m, c = W.shape
    zero, one = x.dtype.type(0), x.dtype.type(1)
    synapses, squares = W.reshape(m * c), mean_square.reshape(m * c)
    for t in prange(threads):
        z = np.empty(TILE, x.dtype)
        gradient = np.empty(CELLS * c, x.dtype)
        last = (t + 1) * m // threads
        for start in range(t * m // threads, last, CELLS):
            stop = min(start + CELLS, last)
            for i in range(start, stop):
                _centred(x, indices, weights, mu, i, z, None, TILE)
                for j in range(c):
                    e, total = error[j], zero
                    for b in range(TILE):
                        total += z[b] * e[b]
                    gradient[(i - start) * c + j] = total
            # One long loop over views that start at 0: only then is it vectorised.
            w, square = synapses[start * c : stop * c], squares[start * c : stop * c]
            for q in range(len(w)):
                g = gradient[q]
                s = decay * square[q] + (one - decay) * g * g
                square[q] = s
                w[q] -= rate * g / (np.sqrt(s) + epsilon)
