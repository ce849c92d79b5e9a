"""A small network that a reader of the page can put to sleep: no Python answers the controls."""

from collections.abc import Sequence

import anywidget
import ipywidgets
import numpy as np
import traitlets

from helpers.checks import check_positive
from helpers.data import Dataset
from helpers.sleep.network import SleepNetwork
from helpers.sleep.parameters import SleepParameters
from helpers.widgets.panel import Link, panel
from helpers.widgets.scripts import bundled

#: Test images that travel with the page: the network sees them asleep and is tested on them awake.
IMAGES = 60
SEED = 1
#: Hidden cells.
MOST = 200
#: Where the controls end: hertz, and changes of a weight.
RATES, CHANGES = (1.0, 200.0), (0.0, 0.2)


class Sleeper(anywidget.AnyWidget):
    """The part that sleeps, in the reader's browser: see ``scripts/sleep_explorer.mjs``.

    Attributes:
        facts: sizes, labels, gains, thresholds and what else does not change.
        weights: of all layers, receiving by sending cells, float16.
        images: uint8.
        threshold: factor on all thresholds.
        rate: of an input cell with a white pixel, in hertz, before the original's factor of two.
        potentiation, depression: of STDP.
        rule: 0 for additive STDP, 1 for the gated one.
    """

    _esm = bundled("numerics", "sleeping", "chart", "sleep_explorer")
    facts = traitlets.Dict().tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)
    images = traitlets.Bytes().tag(sync=True)
    threshold = traitlets.Float(1.0).tag(sync=True)
    rate = traitlets.Float(39.0).tag(sync=True)
    potentiation = traitlets.Float(0.064).tag(sync=True)
    depression = traitlets.Float(0.069).tag(sync=True)
    rule = traitlets.Int(1).tag(sync=True)


def sleep_explorer(
    network: SleepNetwork,
    data: Dataset,
    parameters: SleepParameters,
    *,
    gains: Sequence[float],
    thresholds: Sequence[float],
) -> ipywidgets.Box:
    """Controls for a sleep, and the network that sleeps.

    Args:
        network: trained, without biases, of one hidden layer of 1 to :data:`MOST` cells, with
            rectified outputs, whole at evaluation: its weights travel.
        data: images to sleep over and to be tested on.
        parameters: the settings with which the controls start; the page has its own images, shows
            each for ten steps, and scales nothing.
        gains: of each layer, on the pull of its synapses.
        thresholds: of each layer, where the control for them stands at 1.

    Raises:
        ValueError: the network is another, has weights beyond what half floats can hold, or other
            inputs than the images have pixels; there are not as many gains and thresholds as
            layers, or one is not above 0; a setting lies where its control cannot go, or is one
            that the page does not know.
    """
    weights = network.weights
    hidden = network.sizes[1:-1]
    if len(hidden) != 1 or hidden[0] > MOST:
        raise ValueError(
            f"network has hidden layers of {hidden} cells; it may have one, of 1 to {MOST}"
        )
    if not network.relu_output or network.always_drop:
        raise ValueError(
            f"network has relu_output {network.relu_output} and always_drop {network.always_drop}; "
            "they may be True and False"
        )
    for name, value, known in (
        ("weight_scale", parameters.weight_scale, 1),
        ("restart_every", parameters.restart_every, None),
        ("biases", parameters.biases, "none"),
    ):
        if value != known:
            raise ValueError(f"{name} is {value}; on the page it may be {known}")
    pixels = data.test_images[0].numel()
    if network.sizes[0] != pixels:
        raise ValueError(f"network has {network.sizes[0]} inputs; images have {pixels} pixels")
    rate = parameters.spike_probability / 0.002
    for name, value, (low, high) in (
        ("the rate in hertz", rate, RATES),
        ("potentiation", parameters.potentiation, CHANGES),
        ("depression", parameters.depression, CHANGES),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name} is {value:g}; it may be from {low:g} to {high:g}")
    if any(layer.bias is not None for layer in network.layers):
        raise ValueError("network has biases; it may be one without")
    for name, given in (("gains", gains), ("thresholds", thresholds)):
        if len(given) != len(weights):
            raise ValueError(f"{name} are {len(given)}; there may be {len(weights)}")
        for value in given:
            check_positive(name, value)
    packed = np.concatenate([weight.numpy().ravel() for weight in weights])
    if not np.abs(packed).max() <= np.finfo(np.float16).max:
        raise ValueError(f"a weight is {np.abs(packed).max():g}; half floats end at 65504")
    sleeper = Sleeper(
        facts={
            "sizes": list(network.sizes),
            "labels": data.test_labels[:IMAGES].tolist(),
            "gains": [float(gain) for gain in gains],
            "thresholds": [float(threshold) for threshold in thresholds],
            "leak": parameters.leak,
            "kept": 1.0 if network.inverted else 1 - network.dropout[0],
            "perImage": 10,
            "seed": SEED,
            "widest": float(weights[0].abs().max()),
        },
        weights=packed.astype(np.float16).tobytes(),
        images=data.test_images[:IMAGES].numpy().tobytes(),
        potentiation=parameters.potentiation,
        depression=parameters.depression,
        rate=rate,
        rule=int(parameters.gated),
    )
    wide = {"layout": {"width": "21rem"}, "style": {"description_width": "9rem"}}
    threshold = ipywidgets.FloatLogSlider(
        value=1, base=2, min=-3, max=3, step=0.25, description="thresholds, times", **wide
    )
    hertz = ipywidgets.FloatSlider(
        value=rate, min=RATES[0], max=RATES[1], step=1, description="rate (Hz)", **wide
    )
    up = ipywidgets.FloatSlider(
        value=parameters.potentiation,
        min=CHANGES[0],
        max=CHANGES[1],
        step=0.001,
        readout_format=".3f",
        description="potentiation a",
        **wide,
    )
    down = ipywidgets.FloatSlider(
        value=parameters.depression,
        min=CHANGES[0],
        max=CHANGES[1],
        step=0.001,
        readout_format=".3f",
        description="depression b",
        **wide,
    )
    rule = ipywidgets.Dropdown(
        options=["additive", "gated, as the original"],
        index=sleeper.rule,
        description="rule",
        **wide,
    )
    links: tuple[Link, ...] = (
        (threshold, "value", "threshold"),
        (hertz, "value", "rate"),
        (up, "value", "potentiation"),
        (down, "value", "depression"),
        (rule, "index", "rule"),
    )
    return panel(sleeper, links)
