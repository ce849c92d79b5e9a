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


def explorer(net=None, gains=(1.0, 2.0), thresholds=(0.5, 0.7)):
    return sleep_explorer(
        network() if net is None else net, DIGITS, ORIGINAL, gains=gains, thresholds=thresholds
    )


def test_what_travels():
    sleeper = explorer().children[1]
    weights = np.frombuffer(sleeper.weights, np.float16)
    assert len(weights) == 784 * 20 + 20 * 10
    np.testing.assert_allclose(
        weights[: 784 * 20], network().weights[0].detach().numpy().ravel(), atol=1e-5
    )
    assert len(sleeper.images) == 784 * IMAGES
    assert sleeper.facts["kept"] == pytest.approx(0.8)
    assert sleeper.rate == pytest.approx(39.037119)


def test_scripts_are_one_module():
    text = bundled("numerics", "sleeping", "chart", "sleep_explorer")
    assert "import " not in text.split("export default")[0].replace("important", "")
    assert text.count("export default") == 1
    with pytest.raises(ValueError, match="name is 'nothing'; it may be one of"):
        bundled("nothing")


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: explorer(network((784, 201, 10))), r"hidden cells \(201,\)"),
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
