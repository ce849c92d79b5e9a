"""A Numba kernel that learns from one image after another, in one sweep over the readout.

The step of image t changes every synapse, and the outputs for image t + 1 need every synapse: done
one after the other, each step reads the readout twice. Here a block of cells takes its step and
contributes to the next outputs while it is in the cache.
"""

import numpy as np
from numba import njit, prange

#: Cells that are worked on at a time; their synapses and running squares fit the nearest cache.
BLOCK = 256
#: Sums may be reordered; NaN and infinity may not be assumed away. The same as in `sparse`, and
#: written out, as Numba keeps compiled kernels until this file changes, whatever they import.
FAST = {"reassoc", "contract", "arcp", "nsz"}


@njit(parallel=True, fastmath=FAST, error_model="numpy", cache=True)
def learn(
    h,
    labels,
    z,
    error,
    pending,
    mu,
    W,
    mean_square,
    bias,
    bias_square,
    rate,
    decay,
    epsilon,
    threads,
    learns_bias,
    beta=None,
):
    """Learn from the granule activities h (n, m) in turn; all other arrays change in place.

    Shapes: labels (n,), z (m,), error (c,), mu (m,), W and mean_square (c, m), bias and
    bias_square (c,). `error` carries the loss's factor, 2 / c. After the call the step that the
    last image asks of W is still to be taken, from `z` and `error`: say `pending` in the next call,
    or call with an `h` of length 0 to take it. A bias that learns has taken its own.
    """
    n, m = h.shape
    c, zero, one = len(W), W.dtype.type(0), W.dtype.type(1)
    partial = np.zeros((threads, c), W.dtype)
    for step in range(max(n, 1)):
        for t in prange(threads):
            out = np.zeros(c, W.dtype)
            first, last = t * m // threads, (t + 1) * m // threads
            for start in range(first, last, BLOCK):
                # Views that start at 0: only over them are the loops vectorised.
                block = slice(start, min(start + BLOCK, last))
                mu_block, z_block = mu[block], z[block]
                for j in range(c if pending or step > 0 else 0):
                    w, square, e = W[j, block], mean_square[j, block], error[j]
                    for i in range(len(w)):
                        g = e * z_block[i]
                        s = decay * square[i] + (one - decay) * g * g
                        square[i] = s
                        w[i] -= rate * g / (np.sqrt(s) + epsilon)
                if n == 0:
                    continue
                h_block = h[step, block]
                for i in range(len(z_block)):
                    if beta is not None:
                        mu_block[i] = beta * mu_block[i] + (one - beta) * h_block[i]
                    z_block[i] = h_block[i] - mu_block[i]
                for j in range(c):
                    w, total = W[j, block], zero
                    for i in range(len(w)):
                        total += w[i] * z_block[i]
                    out[j] += total
            partial[t] = out
        if n:
            for j in range(c):
                total = bias[j] - (one if labels[step] == j else zero)
                for t in range(threads):
                    total += partial[t, j]
                error[j] = g = total * 2 / c
                if learns_bias:
                    s = decay * bias_square[j] + (one - decay) * g * g
                    bias_square[j] = s
                    bias[j] -= rate * g / (np.sqrt(s) + epsilon)


@njit(parallel=True, fastmath=FAST, error_model="numpy", cache=True)
def activity(x, indices, weights, h):
    """h (n, m) of inputs x (n, d) in a sparse granule layer; indices and weights are (k, m)."""
    (n, m), k, zero = h.shape, len(indices), h.dtype.type(0)
    for image in prange(n):
        row = x[image]
        for i in range(m):
            h[image, i] = 0
        for j in range(k):
            for i in range(m):
                h[image, i] += weights[j, i] * row[indices[j, i]]
        for i in range(m):
            h[image, i] = max(h[image, i], zero)
