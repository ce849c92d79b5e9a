"""A Triton kernel that learns from one image after another, in one sweep over the readout.

The twin of :mod:`helpers.cerebellum.kernels.online` on a GPU. A launch takes the step of image t
and computes the outputs for image t + 1 in the same sweep; each program does so for a block of
cells and leaves its share of the outputs, which every program of the next launch adds up in the
same order. No atomics: from the same activities the same result at every run.
"""

import triton
import triton.language as tl
from torch import Tensor

#: Cells of one program.
BLOCK = 256


@triton.jit(do_not_specialize=["t"])
def _sweep(
    h,
    labels,
    mu,
    W,
    mean_square,
    bias,
    bias_square,
    shares,
    t,
    m,
    c,
    factor,
    rate,
    decay,
    fresh,
    epsilon,
    beta,
    newest,
    PROGRAMS: tl.constexpr,
    PADDED: tl.constexpr,
    CLASSES: tl.constexpr,
    BLOCK: tl.constexpr,
    LEARN: tl.constexpr,
    LOOK: tl.constexpr,
    DEPRESS: tl.constexpr,
    LEARNS_BIAS: tl.constexpr,
):
    program = tl.program_id(0)
    cells = program * BLOCK + tl.arange(0, BLOCK)
    classes = tl.arange(0, CLASSES)
    inside, real = cells < m, classes < c
    first = classes < tl.where(program == 0, c, 0)  # one program adds the bias to its share
    synapses = classes[:, None] * m + cells[None, :]
    there = real[:, None] & inside[None, :]
    w = tl.load(W + synapses, there, 0.0)
    average = tl.load(mu + cells, inside, 0.0)
    offset = tl.load(bias + classes, first, 0.0)
    if LEARN:
        programs = tl.arange(0, PADDED)
        place = shares + (t % 2) * PROGRAMS * CLASSES
        each = place + programs[:, None] * CLASSES + classes[None, :]
        y_hat = tl.sum(tl.load(each, (programs < PROGRAMS)[:, None], 0.0), 0)
        target = tl.where(classes == tl.load(labels + t), 1.0, 0.0)
        e = tl.where(real, (y_hat - target) * factor, 0.0)
        z = tl.load(h + t * m + cells, inside, 0.0) - average
        g = e[:, None] * z[None, :]
        s = decay * tl.load(mean_square + synapses, there, 0.0) + fresh * g * g
        w -= rate * g / (tl.sqrt(s) + epsilon)
        tl.store(mean_square + synapses, s, there)
        tl.store(W + synapses, w, there)
        if LEARNS_BIAS:
            s_bias = decay * tl.load(bias_square + classes, first, 0.0) + fresh * e * e
            offset = tl.where(first, offset - rate * e / (tl.sqrt(s_bias) + epsilon), 0.0)
            tl.store(bias_square + classes, s_bias, first)
            tl.store(bias + classes, offset, first)
    if LOOK:
        activity = tl.load(h + (t + 1) * m + cells, inside, 0.0)
        if DEPRESS:
            average = beta * average + newest * activity
            tl.store(mu + cells, average, inside)
        z = tl.where(inside, activity - average, 0.0)
        share = tl.sum(w * z[None, :], 1) + offset
        place = shares + ((t + 1) % 2) * PROGRAMS * CLASSES + program * CLASSES
        tl.store(place + classes, share)


def new_shares(W: Tensor) -> Tensor:
    """Room for what each program adds to the outputs, of this image and of the next."""
    c, m = W.shape
    return W.new_zeros(2, triton.cdiv(m, BLOCK), triton.next_power_of_2(c))


def learn(
    h: Tensor,
    labels: Tensor,
    mu: Tensor,
    W: Tensor,
    mean_square: Tensor,
    bias: Tensor,
    bias_square: Tensor,
    shares: Tensor,
    n: int,
    rate: float,
    decay: float,
    epsilon: float,
    learns_bias: bool,
    beta: float | None,
) -> None:
    """Learn from the first `n` rows of the granule activities h (n, m) in turn, all in float32.

    Shapes: labels (n,), mu (m,), W and mean_square (c, m), bias and bias_square (c,), shares from
    :func:`new_shares`. All but h and labels change in place.
    """
    c, m = W.shape
    _, programs, classes = shares.shape
    for t in range(-1, n):
        _sweep[(programs,)](
            h,
            labels,
            mu,
            W,
            mean_square,
            bias,
            bias_square,
            shares,
            t,
            m,
            c,
            2 / c,
            rate,
            decay,
            1 - decay,
            epsilon,
            0.0 if beta is None else beta,
            0.0 if beta is None else 1 - beta,
            PROGRAMS=programs,
            PADDED=triton.next_power_of_2(programs),
            CLASSES=classes,
            BLOCK=BLOCK,
            LEARN=t >= 0,
            LOOK=t + 1 < n,
            DEPRESS=beta is not None,
            LEARNS_BIAS=learns_bias,
        )
