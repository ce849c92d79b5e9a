import pytest
import torch

from helpers.data.recordings import Recording


def recording(**change):
    facts = {
        "name": "scan",
        "source": "nowhere",
        "images": torch.zeros(3, 1, 4, 4, dtype=torch.uint8),
        "shown": torch.tensor([2, 0, 1, 2, 1, 2]),
        "responses": torch.arange(12.0).view(6, 2),
        "tier": ("test", "train", "test", "test", "test", "test"),
    }
    return Recording(**{**facts, **change})


def with_nan(*shape):
    values = torch.zeros(shape)
    values[1, -1] = float("nan")
    return values


def test_repeats_are_gathered_by_image():
    numbers, responses = recording().oracle()
    assert numbers.tolist() == [1, 2]
    # Image 1 in trials 2 and 4, image 2 in trials 0, 3 and 5, of which the third is left out.
    assert responses.tolist() == [[[4.0, 5.0], [8.0, 9.0]], [[0.0, 1.0], [6.0, 7.0]]]


def test_what_a_reader_sees():
    shown = repr(recording(note="simulated"))
    assert "5 test, 1 train" in shown
    assert "neurons: 2" in shown
    assert "note: simulated" in shown


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: recording(shown=torch.zeros(5).long()), "shown of scan are 5; they may be 6"),
        (lambda: recording(tier=("test",)), "tier of scan are 1"),
        (lambda: recording(behaviour=torch.zeros(2, 3)), "behaviour of scan are 2"),
        (lambda: recording(pupil=torch.zeros(7, 2)), "pupil of scan are 7"),
        (lambda: recording(tier=("oops",) * 6), "tier of scan is 'oops' in trial 0; it may be one"),
        (lambda: recording(tier=("test",) * 5 + (None,)), "tier of scan is None in trial 5"),
        (lambda: recording(responses=torch.full((6, 1), float("nan"))), "NaN or infinity in trial"),
        (lambda: recording(responses=torch.full((6,), float("nan"))), r"have shape \(6,\)"),
        (lambda: recording(responses=torch.tensor(1.0)), r"have shape \(\)"),
        (lambda: recording(behaviour=with_nan(6, 3)), "behaviour of scan hold NaN .* in trial 1"),
        (lambda: recording(pupil=with_nan(6, 2)), "pupil of scan hold NaN or infinity in trial 1"),
        (lambda: recording(positions=with_nan(2, 3)), "positions of scan hold NaN .* in row 1"),
        (lambda: recording(positions=torch.zeros(9, 3)), r"shape \(9, 3\); it may be \(2, 3\)"),
        (lambda: recording(positions=torch.zeros(2, 2)), r"positions of scan have shape \(2, 2\)"),
        (lambda: recording(behaviour=torch.zeros(6, 2)), r"shape \(6, 2\); it may be \(6, 3\)"),
        (lambda: recording(pupil=torch.zeros(6)), r"pupil of scan have shape \(6,\)"),
        (lambda: recording(shown=torch.zeros(6)), r"shown of scan is torch.float32 \(6,\); it may"),
        (lambda: recording(shown=torch.zeros(6, 1).long()), r"int64 \(6, 1\); it may be"),
        (lambda: recording(images=torch.zeros(4, 4)), r"images of scan are torch.float32 \(4, 4\)"),
        (lambda: recording(images=torch.zeros(3, 1, 4, 4)), "they may be torch.uint8"),
        (lambda: recording(images=torch.zeros(3, 3, 4, 4).byte()), r"uint8 \(3, 3, 4, 4\); they"),
        (lambda: recording(shown=torch.full((6,), 3)), "spans 3 to 3; it may be from 0 to 2"),
        (lambda: recording().trials("validation"), "tier is 'validation'; scan has test, train"),
        (lambda: recording().oracle("train"), "image 0 of scan was shown once"),
    ],
)
def test_bad_recordings(make, text):
    with pytest.raises(ValueError, match=text):
        make()
