import pytest
import torch
from torch import nn

from helpers.attacks import fgsm, pgd
from helpers.evaluation import AttackSetting, accuracy_under


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(16, 5)).double().eval()


@pytest.fixture
def data(model):
    images = torch.rand(30, 1, 4, 4, generator=torch.Generator().manual_seed(1)).double()
    return images, model(images).argmax(1)  # all right at first


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fgsm_mse_0.1", ("fgsm", "mse", 0.1, 0.01, 40)),
        ("pgd_cross_entropy_0.3", ("pgd", "cross_entropy", 0.3, 0.01, 40)),
        ("pgd_mse_0.1_step0.1", ("pgd", "mse", 0.1, 0.1, 40)),
        ("pgd_margin_0.1_step0.05_steps80", ("pgd", "margin", 0.1, 0.05, 80)),
        ("fgsm_mse_2/255", ("fgsm", "mse", 2 / 255, 0.01, 40)),
        ("pgd_mse_8/255_step2/255", ("pgd", "mse", 8 / 255, 2 / 255, 40)),
        ("pgd_mse_0.1_restarts5_worst", ("pgd", "mse", 0.1, 0.01, 40, 5, True)),
        ("pgd_mse_0.1_steps80_worst", ("pgd", "mse", 0.1, 0.01, 80, 1, True)),
    ],
)
def test_names_of_metrics(name, expected):
    assert AttackSetting.parse(name) == AttackSetting(*expected)


@pytest.mark.parametrize(
    "name",
    [
        "test_acc",
        "pgd_mse",
        "pgd_hinge_0.1",
        "pgd_mse_0.1_stepx",
        "fgsm_mse_0.1_step0.5",
        "fgsm_mse_0.1_worst",
        "fgsm_mse_1/0",
        "fgsm_mse_0.1.2",
        "fgsm_mse_2.5/255",
        "fgsm_mse_.",
        "pgd_mse_0.1_step1/0",
    ],
)
def test_other_names(name):
    with pytest.raises(ValueError, match=f"metric is '{name}'"):
        AttackSetting.parse(name)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"attack": "cw"}, "attack is 'cw'"),
        ({"loss": "l1"}, "loss is 'l1'"),
        ({"eps": -1.0}, "eps is -1"),
        ({"step": 0.0}, "step is 0"),
        ({"steps": 0}, "steps is 0"),
        ({"restarts": 0}, "restarts is 0"),
    ],
)
def test_bad_settings(change, text):
    with pytest.raises(ValueError, match=text):
        AttackSetting(**({"attack": "pgd", "loss": "mse", "eps": 0.1} | change))


def test_it_counts_what_the_attack_leaves(model, data):
    left = accuracy_under(AttackSetting("fgsm", "mse", 0.1), model, *data, batch=7)
    right = (~fgsm(model, *data, 0.1).success).sum().item()
    assert 0 < right < 30
    assert left == pytest.approx(100 * right / 30)


def test_pgd_with_all_its_settings(model, data):
    options = {"step": 0.02, "steps": 3, "loss": "mse", "restarts": 2, "worst": True}
    setting = AttackSetting("pgd", eps=0.1, **options)
    expected = pgd(model, *data, 0.1, **options)
    left = accuracy_under(setting, model, *data, batch=30)
    assert left == pytest.approx(100 * (~expected.success).double().mean().item())
    assert left == accuracy_under(setting, model, *data, batch=30)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda x, y: (x[:0], y[:0]), "number of images is 0"),
        (lambda x, y: (x, y[:4]), "labels have shape"),
        (lambda x, y: (x + 1, y), "images span"),
    ],
)
def test_bad_data(change, text, model, data):
    with pytest.raises(ValueError, match=text):
        accuracy_under(AttackSetting("fgsm", "mse", 0.1), model, *change(*data))


def test_bad_batch(model, data):
    with pytest.raises(ValueError, match="batch is 0"):
        accuracy_under(AttackSetting("fgsm", "mse", 0.1), model, *data, batch=0)
