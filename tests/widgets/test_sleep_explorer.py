from dataclasses import replace

import numpy as np
import pytest

from helpers.data import load
from helpers.sleep import ORIGINAL, SleepNetwork
from helpers.widgets import sleep_explorer
from helpers.widgets.scripts import bundled
from helpers.widgets.sleep_explorer import IMAGES

DIGITS = load("digits")


def network(sizes=(784, 20, 10), **options):
    return SleepNetwork(sizes, dropout=(0.2,) * (len(sizes) - 2), **options).eval()


def explorer(net=None, gains=(1.0, 2.0), thresholds=(0.5, 0.7), **changes):
    net, settings = network() if net is None else net, replace(ORIGINAL, **changes)
    return sleep_explorer(net, DIGITS, settings, gains=gains, thresholds=thresholds)


def heavy():
    found = network()
    found.layers[0].weight.data[0, 0] = 1e6
    return found


def test_what_travels():
    sleeper = explorer().children[1]
    weights = np.frombuffer(sleeper.weights, np.float16)
    assert len(weights) == 784 * 20 + 20 * 10
    np.testing.assert_allclose(
        weights[: 784 * 20], network().weights[0].detach().numpy().ravel(), atol=1e-5
    )
    assert len(sleeper.images) == 784 * IMAGES
    np.testing.assert_array_equal(
        np.frombuffer(sleeper.images, np.uint8).reshape(IMAGES, 28, 28),
        DIGITS.test_images[:IMAGES, 0].numpy(),
    )
    assert sleeper.facts == {
        "sizes": [784, 20, 10],
        "labels": DIGITS.test_labels[:IMAGES].tolist(),
        "gains": [1.0, 2.0],
        "thresholds": [0.5, 0.7],
        "leak": 0.999,
        "kept": pytest.approx(0.8),
        "perImage": 10,
        "seed": 1,
        "widest": network().weights[0].abs().max().item(),
    }
    assert sleeper.rate == pytest.approx(39.037119)
    assert explorer(network(inverted=True)).children[1].facts["kept"] == 1


def test_scripts_are_one_module():
    text = bundled("numerics", "sleeping", "chart", "sleep_explorer")
    assert "import " not in text.split("export default")[0].replace("important", "")
    assert text.count("export default") == 1
    with pytest.raises(ValueError, match="name is 'nothing'; it may be one of"):
        bundled("nothing")


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: explorer(network((784, 201, 10))), r"hidden layers of \(201,\) cells"),
        (lambda: explorer(network((784, 10))), r"of \(\) cells; it may have one, of 1 to 200"),
        (lambda: explorer(network((784, 9, 9, 10))), r"hidden layers of \(9, 9\) cells"),
        (lambda: explorer(network(relu_output=False)), "relu_output False and always_drop False"),
        (lambda: explorer(network(always_drop=True)), "relu_output True and always_drop True"),
        (lambda: explorer(weight_scale=2.0), r"weight_scale is 2\.0; on the page it may be 1"),
        (lambda: explorer(restart_every=5), "restart_every is 5; on the page it may be None"),
        (lambda: explorer(biases="fresh"), "biases is fresh; on the page it may be none"),
        (lambda: explorer(network((100, 20, 10))), "100 inputs; images have 784 pixels"),
        (lambda: explorer(heavy()), r"a weight is 1e\+06; half floats end at 65504"),
        (lambda: explorer(spike_probability=0.9), "rate in hertz is 450; it may be from 1 to 200"),
        (lambda: explorer(potentiation=0.5), r"potentiation is 0\.5; it may be from 0 to 0\.2"),
        (lambda: explorer(depression=0.3), r"depression is 0\.3"),
        (lambda: explorer(network(bias=True)), "network has biases"),
        (lambda: explorer(gains=(1.0,)), "gains are 1; there may be 2"),
        (lambda: explorer(thresholds=(1.0, 0.0)), "thresholds is 0"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()


def test_the_controls_start_at_the_settings():
    box = sleep_explorer(
        network(),
        DIGITS,
        replace(ORIGINAL, potentiation=0.1, depression=0.05),
        gains=(1.0, 1.0),
        thresholds=(1.0, 1.0),
    )
    values = {control.description: control.value for control in box.children[0].children}
    assert values["potentiation a"] == 0.1
    assert values["depression b"] == 0.05
    assert values["rule"] == "gated, as the original"
    additive = explorer(gated=False)
    assert additive.children[0].children[-1].value == "additive"
    assert additive.children[1].rule == 0
