import math

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


def test_the_rank_correlation_counts_networks_of_targets():
    points = {
        "none": [(99, 0)],
        "pixels": [(8, 1), (9, 2)],
        "shuffle": [(7, 3), (7.5, 0.5)],
        "blur": [(3, 50)],
    }
    # By the sum of squared differences of ranks.
    frequency, gain = [4, 5, 2, 3, 1], [2, 3, 4, 1, 5]
    by_hand = 1 - 6 * sum((f - g) ** 2 for f, g in zip(frequency, gain, strict=True)) / (5 * 24)
    assert rank_correlation(points) == (pytest.approx(by_hand), 5)
    frequency, gain = [3, 4, 1, 2], [2, 3, 4, 1]
    by_hand = 1 - 6 * sum((f - g) ** 2 for f, g in zip(frequency, gain, strict=True)) / (4 * 15)
    assert rank_correlation(points, without=["blur"]) == (pytest.approx(by_hand), 4)
    few, n = rank_correlation(points, without=["pixels", "shuffle"])
    assert math.isnan(few)
    assert n == 1


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"without names \['v2'\]; it may name one of \['blur'\]"):
        rank_correlation({"blur": []}, without=["v2"])
    with pytest.raises(ValueError, match="points are empty"):
        gain_against_frequency({}, ylabel="gain")
    with pytest.raises(ValueError, match="target is 'v2'"):
        gain_against_frequency({"v2": []}, ylabel="gain")
