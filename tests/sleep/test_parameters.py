"""The settings of a sleep: those of the papers, and the wrong ones."""

import pytest

from helpers.sleep import ORIGINAL, ORIGINAL_FOR_MINIMAL, REPRODUCTION, SleepParameters


def test_steps():
    assert ORIGINAL.steps == 27_105
    assert ORIGINAL_FOR_MINIMAL.steps == 3_365
    assert REPRODUCTION.steps == 2_710_500


def test_rates_are_hertz_times_milliseconds():
    assert ORIGINAL.spike_probability == pytest.approx(0.0780742, abs=1e-7)
    assert ORIGINAL_FOR_MINIMAL.spike_probability == pytest.approx(0.91072)


def test_an_infinite_threshold_is_allowed():
    assert SleepParameters(thresholds=(float("inf"),)).thresholds == (float("inf"),)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"images": 0}, "images is 0"),
        ({"images": 2.5}, "images is 2.5"),
        ({"steps_per_image": 0}, "steps_per_image is 0"),
        ({"spike_probability": 1.1}, "spike_probability is 1.1; it may be from 0 to 1"),
        ({"spike_probability": float("nan")}, "spike_probability is nan"),
        ({"leak": -0.1}, "leak is -0.1; it may be from 0 to 1"),
        ({"thresholds": ()}, "thresholds are empty"),
        ({"thresholds": (1.0, 0.0)}, r"thresholds are \(1.0, 0.0\); each may be above 0"),
        ({"thresholds": (1.0, float("nan"))}, r"thresholds are \(1.0, nan\)"),
        ({"gain": 0.0}, "gain is 0.0"),
        ({"potentiation": float("inf")}, "potentiation is inf"),
        ({"depression": float("nan")}, "depression is nan"),
        ({"restart_every": 0}, "restart_every is 0"),
        ({"biases": "old"}, "biases is 'old'; it may be one of none, kept, fresh"),
        ({"weight_scale": -1.0}, "weight_scale is -1.0"),
    ],
)
def test_bad_settings(settings, text):
    with pytest.raises(ValueError, match=text):
        SleepParameters(**settings)
