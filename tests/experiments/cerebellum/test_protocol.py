import pytest
import torch
from torch import nn

from helpers.attacks import LOSSES
from helpers.experiments import EXPERIMENTS, Workplace
from helpers.experiments.cerebellum.mnist import cnn_config
from helpers.experiments.cerebellum.protocol_run import gradient_norms

EXPERIMENT = EXPERIMENTS["cerebellum/protocol"]


def run(folder, config, wanted):
    return dict(EXPERIMENT.run(config, wanted, Workplace(folder, torch.device("cpu"))))


def test_all_that_the_grid_asks_for_is_measured(tmp_path):
    (config,) = EXPERIMENT.grid("smoke")
    wanted = EXPERIMENT.metrics(config, "smoke")
    found = run(tmp_path, config, wanted)
    assert found.keys() == wanted.keys()
    assert found["pgd_margin_1_step0.0625"] == 0  # nothing stands an attack without a bound
    for loss in ("mse", "margin"):
        norms = [found[f"gradient_{loss}_p{q}"] for q in (0, 5, 25, 50, 75, 95, 100)]
        assert norms == sorted(norms)
        assert norms[0] > 0 == found[f"gradient_{loss}_zero"]


def test_the_baseline_is_attacked_on_the_loss_it_was_trained_on():
    wanted = EXPERIMENT.metrics(cnn_config(), "paper")
    assert "pgd_cross_entropy_0.1_steps320" in wanted
    assert not [name for name in wanted if "mse" in name]


def test_gradient_norms_by_hand():
    model = nn.Linear(2, 2, bias=False).eval()
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[1.0, 2.0], [0.0, -3.0]]))
    # The margin of class 0 is (0 - 1) x_0 + (-3 - 2) x_1.
    norms = gradient_norms(model, "margin", torch.rand(5, 2), torch.zeros(5).long(), batch=2)
    assert norms.tolist() == [6.0] * 5
    x, y = torch.rand(5, 2), torch.tensor([0, 1, 1, 0, 1])
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(LOSSES["mse"](model(x), y).sum(), x)
    torch.testing.assert_close(gradient_norms(model, "mse", x, y), gradient.abs().sum(1))


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        ("gradient_hinge_p5", "loss is 'hinge'"),
        ("gradient_mse_mean", "what is 'mean'; it may be zero or p0 to p100"),
        ("gradient_mse_p101", "what is 'p101'"),
        ("pgd_mse", "metric is 'pgd_mse'"),
    ],
)
def test_bad_metrics(metric, text, tmp_path):
    (config,) = EXPERIMENT.grid("smoke")
    with pytest.raises(ValueError, match=text):
        run(tmp_path, config, {metric: 10})


@pytest.mark.parametrize("metric", ["test_acc", "gradient_mse_p5", "fgsm_mse_0.1"])
def test_more_images_than_there_are(metric, tmp_path):
    (config,) = EXPERIMENT.grid("smoke")
    with pytest.raises(ValueError, match=f"{metric} asks for 501 images; there are 500"):
        run(tmp_path, config, {metric: 501})
    assert not list(tmp_path.iterdir())  # nothing was trained
