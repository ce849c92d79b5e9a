import pytest
import torch
from matplotlib.colors import to_hex

from helpers.figures import ATTACK, show_attack, to_svg
from helpers.figures.images import PERTURBATION


def arguments(n=2):
    originals = torch.rand(n, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    signs = torch.where(torch.arange(28) % 2 == 0, 0.1, -0.1)
    return {
        "originals": originals,
        "adversarials": (originals + signs).clamp(0, 1),
        "labels": torch.arange(n),
        "predictions_before": torch.arange(n),
        "predictions_after": torch.full((n,), 1),
        "eps": 0.1,
    }


def titles(figure):
    return [ax.get_title() for ax in figure.axes if ax.get_title()]


def test_rows_show_original_perturbation_and_adversarial():
    call = arguments()
    figure = show_attack(**call)
    pictures = [ax.images[0].get_array() for ax in figure.axes if ax.images]
    assert len(pictures) == 6
    for i in range(2):
        before, change, after = (torch.tensor(picture) for picture in pictures[3 * i : 3 * i + 3])
        assert torch.equal(before.float(), call["originals"][i, 0])
        assert torch.equal(after.float(), call["adversarials"][i, 0])
        assert torch.allclose(change, after - before)


def test_each_image_has_its_label_and_prediction_and_a_wrong_one_stands_out():
    figure = show_attack(**arguments())
    assert sorted(titles(figure)) == [
        "label 0\npredicted 0",
        "label 0\npredicted 1",
        "label 1\npredicted 1",
        "label 1\npredicted 1",
    ]
    bold = [ax.get_title() for ax in figure.axes if ax.title.get_fontweight() == "bold"]
    assert bold == ["label 0\npredicted 1"]


def test_colour_bar_spans_the_ball_and_is_white_at_zero():
    figure = show_attack(**arguments())
    bar = figure.axes[-1]
    assert bar.get_ylim() == (-0.1, 0.1)
    assert [text.get_text() for text in bar.get_yticklabels()] == ["−0.1", "0", "+0.1"]
    assert bar.get_ylabel() == "pixel change"
    assert to_hex(PERTURBATION(0.5)) in ("#ffffff", "#fefefe", "#fffefe")
    assert to_hex(PERTURBATION(1.0)) == ATTACK.lower()


def test_no_perturbation_is_drawn_white_on_a_scale_of_one_grey_level():
    call = arguments() | {"eps": 0.0}
    call["adversarials"] = call["originals"]
    bar = show_attack(**call).axes[-1]
    assert bar.get_ylim() == pytest.approx((-1 / 255, 1 / 255))


@pytest.mark.parametrize("n", [1, 3, 6])
def test_no_text_overlaps_and_none_leaves_the_figure(n):
    figure = show_attack(**arguments(n))
    figure.draw_without_rendering()
    boxes = [ax.title.get_window_extent() for ax in figure.axes if ax.get_title()]
    boxes += [
        ax.yaxis.label.get_window_extent()
        for ax in figure.axes
        if ax.get_ylabel() and ax is not figure.axes[-1]
    ]
    boxes += [text.get_window_extent() for text in figure.axes[-1].get_yticklabels()]
    boxes.append(figure.axes[-1].yaxis.label.get_window_extent())
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    for box in boxes:
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= figure.bbox.x1
        assert box.y1 <= figure.bbox.y1


def test_svg_keeps_the_words():
    svg = to_svg(show_attack(**arguments()))
    for words in ("original", "perturbation", "adversarial", "predicted 1"):
        assert f"{words}</text>" in svg


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"eps": -0.1}, "eps is -0.1"),
        ({"eps": float("nan")}, "eps is nan"),
        ({"eps": 0.05}, "adversarials differ by 0.1; they may differ by eps = 0.05"),
        ({"originals": torch.zeros(2, 28, 28)}, "originals have shape"),
        ({"originals": torch.zeros(2, 3, 28, 28)}, "originals have shape"),
        ({"originals": torch.zeros(0, 1, 28, 28)}, "n from 1 to 6"),
        ({"originals": torch.zeros(7, 1, 28, 28)}, "n from 1 to 6"),
        ({"adversarials": torch.zeros(3, 1, 28, 28)}, "adversarials have shape"),
        ({"adversarials": torch.full((2, 1, 28, 28), 1.5)}, "in \\[0, 1\\]"),
        ({"adversarials": torch.full((2, 1, 28, 28), torch.nan)}, "NaN"),
        ({"labels": torch.tensor([0, 10])}, "labels span 0 to 10"),
        ({"labels": torch.tensor([0])}, "labels have shape"),
        ({"predictions_before": torch.tensor([0, -1])}, "predictions_before span"),
        ({"predictions_after": torch.tensor([0.0, 1.0])}, "predictions_after are torch.float32"),
    ],
)
def test_wrong_input_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        show_attack(**(arguments() | wrong))
