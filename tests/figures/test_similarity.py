import pytest
import torch

from helpers.figures import BASELINE, NEURAL_SIMILARITY, to_svg
from helpers.figures.similarity import (
    clustered_order,
    fluctuation_histograms,
    population_dots,
    similarity_matrices,
    similarity_scatters,
)

ONE = (0.1, 0.0, 0.2)
GROUPS = torch.tensor(
    [[1.0, 0.1, 0.9, 0.1], [0.1, 1, 0.1, 0.8], [0.9, 0.1, 1, 0], [0.1, 0.8, 0, 1]]
)


def test_alike_images_stand_together():
    order = clustered_order(GROUPS).tolist()
    assert abs(order.index(0) - order.index(2)) == 1
    assert abs(order.index(1) - order.index(3)) == 1


def test_all_matrices_have_one_order_and_one_scale():
    figure = similarity_matrices({"A": GROUPS, "B": -GROUPS}, limit=0.5)
    first, second = figure.axes[:2]
    order = clustered_order(GROUPS)
    assert first.images[0].get_array().tolist() == pytest.approx(GROUPS[order][:, order].numpy())
    assert second.images[0].get_array()[0, 0] == -1
    assert {image.norm.vmax for ax in (first, second) for image in ax.images} == {0.5}
    assert (first.get_xlabel(), first.get_ylabel()) == ("image", "image")
    assert figure.axes[2].get_xlabel() == "similarity (cosine)"
    assert "similarity" in to_svg(figure)


def test_histograms_are_densities_and_say_how_wide_they_are():
    figure = fluctuation_histograms(
        {"scans": torch.linspace(-0.1, 0.1, 50), "repeats": torch.linspace(-0.5, 0.5, 50)}
    )
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["scans (s.d. 0.059)", "repeats (s.d. 0.297)"]
    (ax,) = figure.axes
    assert ax.get_xlabel() == "difference of a similarity from its mean"
    # Uniform over .2 and over 1: densities of 5 and 1, which do not hang on the number of values.
    heights = [patch.get_xy()[:, 1].max() for patch in ax.patches]
    assert heights == [pytest.approx(5, rel=0.25), pytest.approx(1, rel=0.25)]


def test_scatters_say_how_they_correlate():
    oracle = torch.linspace(-1, 1, 30)
    figure = similarity_scatters(
        oracle, {"same": oracle, "trials": torch.stack([oracle, -oracle], 1)}, most=10
    )
    assert [ax.get_title(loc="center") for ax in figure.axes] == [
        "same\nr = 1.00",
        "trials\nr = 0.00",
    ]
    assert len(figure.axes[0].lines[0].get_xdata()) == 10
    assert figure.axes[0].get_xlabel() == "oracle similarity"


def test_panels_of_different_images_have_an_oracle_each():
    one, other = torch.linspace(-1, 1, 30), torch.linspace(0, 0.5, 8)
    figure = similarity_scatters({"A": one, "B": other}, {"B": -other, "A": one})
    assert [ax.get_title(loc="center") for ax in figure.axes] == ["B\nr = -1.00", "A\nr = 1.00"]
    assert list(figure.axes[0].lines[0].get_xdata()) == pytest.approx(other.tolist())
    assert len(figure.axes[1].lines[0].get_xdata()) == 30


def test_a_row_for_each_population():
    figure = population_dots(
        {
            "VISp": {"model": (0.2, 0.1, 0.35), "pixels": (0.1, 0, 0.2)},
            "VISl": {"model": (0.15, 0.1, 0.2), "pixels": (0.12, 0.1, 0.2)},
        },
        xlabel="rank correlation",
    )
    (ax,) = figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["VISp", "VISl"]
    assert [line.get_color() for line in ax.lines[:2]] == [NEURAL_SIMILARITY, BASELINE]
    assert list(ax.lines[0].get_xdata()) == [0.2, 0.15]
    model, pixels = (
        [segment[:, 0].tolist() for segment in bars.get_segments()] for bars in ax.collections
    )
    assert model == [[0.1, 0.35], [0.1, 0.2]]
    assert pixels == [[0, 0.2], [0.1, 0.2]]
    assert ax.lines[0].get_ydata()[0] < 0 < ax.lines[1].get_ydata()[0]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: clustered_order(torch.zeros(2, 3)), r"similarity has shape \(2, 3\)"),
        (lambda: similarity_matrices({}), "matrices are 0"),
        (lambda: similarity_matrices({"a": torch.zeros(1, 1)}), r"a has shape \(1, 1\)"),
        (
            lambda: similarity_matrices({"a": torch.eye(2), "b": torch.eye(3)}),
            r"matrices are of \[2, 3\] images",
        ),
        (lambda: similarity_matrices({"a": GROUPS}, limit=0), "limit is 0"),
        (lambda: fluctuation_histograms({}), "spreads are 0"),
        (lambda: fluctuation_histograms({"a": torch.zeros(1)}), "number of values of a is 1"),
        (lambda: similarity_scatters(torch.zeros(3), {}), "others are 0"),
        (lambda: similarity_scatters(torch.ones(3), {"a": torch.ones(3)}, most=0), "most is 0"),
        (lambda: similarity_scatters(torch.zeros(3), {"a": torch.zeros(4)}), "may have 3 rows"),
        (
            lambda: similarity_scatters({"b": torch.zeros(4)}, {"a": torch.zeros(4)}),
            r"oracle has the titles \['b'\]; they may be \['a'\]",
        ),
        (lambda: population_dots({}, xlabel="x"), r"labels \[\]"),
        (lambda: population_dots({"a": dict.fromkeys("wxyz", ONE)}, xlabel="x"), "3 at most"),
        (lambda: population_dots({"a": {"x": ONE}, "b": {"y": ONE}}, xlabel="x"), "have the same"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
