import math
from itertools import permutations

import pytest

from helpers.evaluation.frequencies import BANDS
from helpers.figures.gain_frequency import (
    gain_against_frequency,
    gains_and_centres,
    rank_correlation,
)
from helpers.figures.targets import fields_of
from helpers.records import Record


def record(experiment, target, seed, **metrics):
    provenance = {"code": "", "created": "2026-01-01T00:00:00Z"}
    config = {**fields_of(target), "seed": seed}
    return Record(
        f"neural_similarity/{experiment}", config, metrics, dict.fromkeys(metrics, 10), provenance
    )


def spectrum(target, seed, band):
    shares = {f"gradient_{low}": 100.0 if low == band else 0.0 for low in BANDS}
    return record("frequencies", target, seed, **shares)


def test_gains_are_paired_by_seed():
    noisy = [
        record("noise", target, seed, **{"noise_std_0.1": value})
        for target, seed, value in (
            ("none", 0, 20.0),
            ("none", 1, 30.0),
            ("blur", 0, 50.0),
            ("blur", 1, 40.0),
            ("blur", 2, 99.0),
        )
    ]
    spectra = [spectrum("blur", 0, 2), spectrum("blur", 1, 4), spectrum("none", 0, 8)]
    found = gains_and_centres(noisy, spectra, ("none", "blur", "pixels"), "noise_std_0.1")
    root = 2**0.5
    assert found["blur"] == [(pytest.approx(2 * root), 30.0), (pytest.approx(4 * root), 10.0)]
    assert found["none"] == [(pytest.approx(8 * root), 0.0)]
    assert found["pixels"] == []


def test_each_network_is_a_mark():
    figure = gain_against_frequency({"blur": [(3, 20), (4, 25)], "pixels": []}, ylabel="gain")
    (ax,) = figure.axes
    assert ax.lines[0].get_xydata().tolist() == [[3, 20], [4, 25]]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "blur front end",
        "pixels (not run)",
    ]
    assert (ax.get_xlabel(), ax.get_ylabel()) == (
        "mean frequency of the gradient (cycles per image)",
        "gain",
    )


def test_the_rank_correlation_is_over_the_means_of_targets():
    points = {
        "none": [(99, 0)],
        "pixels": [(8, 1), (9, 2)],
        "shuffle": [(7, 4), (7.5, 0.5)],
        "features": [(6, 1.0)],
        "blur": [(3, 50)],
        "neural_data": [],
    }
    # Mean frequencies 8.5, 7.25, 6, 3 and gains 1.5, 2.25, 1, 50, by the squared differences of
    # their ranks 4 3 2 1 and 2 3 1 4.
    found = rank_correlation(points)
    assert found.rho == pytest.approx(1 - 6 * (4 + 0 + 1 + 9) / (4 * 15))
    assert found.targets == 4
    orders = [
        1 - 6 * sum((f - g) ** 2 for f, g in zip((4, 3, 2, 1), order, strict=True)) / 60
        for order in permutations((1, 2, 3, 4))
    ]
    as_far = sum(abs(rho) >= abs(found.rho) - 1e-9 for rho in orders)
    assert found.p == pytest.approx(as_far / 24)
    assert rank_correlation(points, without=["blur"]).targets == 3
    few = rank_correlation(points, without=["pixels", "blur"])
    assert math.isnan(few.rho)
    assert math.isnan(few.p)
    assert few.targets == 2


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"without names \['v2'\]; it may name one of \['blur'\]"):
        rank_correlation({"blur": []}, without=["v2"])
    with pytest.raises(ValueError, match="points are empty"):
        gain_against_frequency({}, ylabel="gain")
    control = gain_against_frequency({"uncorrelated": [(3, 20)]}, ylabel="gain")
    assert control.axes[0].lines[0].get_marker() == "P"  # a control has a look as well
    with pytest.raises(ValueError, match="target is 'v2'"):
        gain_against_frequency({"v2": []}, ylabel="gain")
