import numpy as np
import pytest
import torch

from helpers import checks


@pytest.mark.parametrize("value", [0.0, 0.5, 0.999])
def test_fractions(value):
    assert checks.check_fraction("beta", value) == value


def test_good_arguments_come_back():
    images, labels = torch.rand(3, 4), torch.tensor([0, 1, 2])
    assert checks.check_eps(0.0) == 0
    assert checks.check_count("k", 3, 1, 3) == 3
    assert type(checks.check_count("k", np.int64(3), 1)) is int
    assert checks.check_positive("step", 0.1) == 0.1
    assert checks.check_finite("bias", -0.1) == -0.1
    assert checks.check_not_negative("sigma", 0.0) == 0
    assert checks.check_images(images) is images
    assert checks.check_labels(labels, 3, 3) is labels
    assert checks.check_same_device(a=images, b=labels) == torch.device("cpu")
    assert checks.check_choice("loss", "mse", ("mse",)) == "mse"
    assert checks.check_images(torch.rand(0, 4)).shape == (0, 4)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: checks.check_eps(float("nan")), "eps is nan"),
        (lambda: checks.check_eps(-1), "eps is -1"),
        (lambda: checks.check_eps(float("inf")), "eps is inf"),
        (
            lambda: checks.check_eps("0.1"),
            "eps is '0.1'; it may be a finite number that is not neg",
        ),
        (lambda: checks.check_eps(None), "eps is None; it may be a finite number"),
        (lambda: checks.check_eps(np.float64(-1)), "eps is -1.0; it may be"),
        (lambda: checks.check_not_negative("sigma", -0.1), "sigma is -0.1; it may be a finite"),
        (
            lambda: checks.check_not_negative("sigma", torch.ones(2)),
            r"sigma is tensor\(\[1., 1.\]\)",
        ),
        (
            lambda: checks.check_finite("bias", float("inf")),
            "bias is inf; it may be a finite number",
        ),
        (
            lambda: checks.check_finite("bias", np.ones(2)),
            r"bias is array\(\[1., 1.\]\); it may be",
        ),
        (lambda: checks.check_fraction("beta", None), r"beta is None; it may be in \[0, 1\)"),
        (lambda: checks.check_fraction("beta", 1.0), r"beta is 1.0; it may be in \[0, 1\)"),
        (lambda: checks.check_fraction("beta", float("nan")), "beta is nan"),
        (lambda: checks.check_count("k", 0, 1), "k is 0; it may be at least 1"),
        (lambda: checks.check_count("k", 9, 1, 4), "k is 9; it may be from 1 to 4"),
        (lambda: checks.check_count("k", True, 1), "k is True; it may be a whole number"),
        (lambda: checks.check_count("k", 2.0, 1), "k is 2.0; it may be a whole number"),
        (lambda: checks.check_positive("step", 0), "step is 0"),
        (
            lambda: checks.check_positive("step", "fast"),
            "step is 'fast'; it may be a finite number",
        ),
        (
            lambda: checks.check_images(np.ones((1, 2))),
            "images are of type ndarray; they may be a",
        ),
        (
            lambda: checks.check_labels([0, 1], 2, 2),
            "labels are of type list; they may be a",
        ),
        (lambda: checks.check_images(torch.rand(4)), r"shape \(4,\)"),
        (lambda: checks.check_images(torch.ones(1, 2) * 2), "images span"),
        (lambda: checks.check_images(torch.tensor([[float("nan")]])), "images hold NaN"),
        (lambda: checks.check_images(torch.ones(1, 2).int()), "images are torch.int32"),
        (lambda: checks.check_labels(torch.zeros(3), 3, 2), "float32; .*int64, int32 or uint8"),
        (lambda: checks.check_labels(torch.zeros(3).long(), 4, 2), r"it may be \(4,\)"),
        (
            lambda: checks.check_labels(torch.tensor([-1]), 1, 2, name="targets"),
            "targets span -1 to -1; they may be from 0 to 1",
        ),
        (
            lambda: checks.check_same_device(x=torch.ones(1), y=torch.ones(1, device="meta")),
            "x on cpu, y on meta",
        ),
        (
            lambda: checks.check_choice("loss", ["mse"], {"mse": 1}),
            r"loss is \['mse'\]; it may be one",
        ),
        (lambda: checks.check_choice("loss", "l1", ("mse", "margin")), "may be one of mse, margin"),
    ],
)
def test_bad_arguments(call, text):
    with pytest.raises(ValueError, match=text):
        call()
