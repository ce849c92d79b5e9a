import pytest
import torch

from helpers.experiments import EXPERIMENTS, Workplace
from helpers.experiments.cerebellum.explorer import BATCH, BETA, SEEDS, K, explorer_config
from helpers.experiments.cerebellum.explorer_run import explorer_model, with_matrix

EXPERIMENT = EXPERIMENTS["cerebellum/explorer"]
TINY = {"m": 30, "epochs": 1}


def run(config, wanted, tmp_path):
    return dict(EXPERIMENT.run(config, wanted, Workplace(tmp_path, torch.device("cpu"))))


def test_all_that_the_grid_asks_for_is_measured(tmp_path):
    (config,) = EXPERIMENT.grid("smoke")
    wanted = EXPERIMENT.metrics(config, "smoke")
    found = run(config, wanted, tmp_path)
    assert found.keys() == wanted.keys()
    assert all(0 <= value <= 100 for value in found.values())
    assert found["pgd_margin_0.1"] <= found["test_acc"]


def test_every_setting_of_the_controls_is_there():
    configs = EXPERIMENT.grid("laptop")
    settings = {(c["k"], c["beta"], c["batch"], c["seed"], c["dataset"]) for c in configs}
    assert len(settings) == len(configs) == len(K) * len(BETA) * len(BATCH) * len(SEEDS) * 2


def test_the_same_model_at_every_call():
    config = {**explorer_config(4, 0.9, 1, dataset="digits"), **TINY}
    one, other = (explorer_model(config, torch.device("cpu")) for _ in range(2))
    assert torch.equal(one.W, other.W)
    assert torch.equal(one.mu, other.mu)


@pytest.mark.parametrize("k", [4, 50, 784])
def test_as_a_matrix_the_model_gives_the_same_answers_and_gradients(k):
    config = {**explorer_config(k, 0.99, 50, dataset="digits"), **TINY}
    model = explorer_model(config, torch.device("cpu"))
    images = torch.rand(9, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    found = []
    for each in (model, with_matrix(model)):
        x = images.clone().requires_grad_()
        scores = each(x)
        scores.square().sum().backward()
        found.append((scores.detach(), x.grad))
    torch.testing.assert_close(found[0], found[1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("metric", "n", "text"),
    [("speed", 5, "metric is 'speed'"), ("test_acc", 10**6, "test_acc asks for 1000000 images")],
)
def test_bad_metrics(metric, n, text, tmp_path):
    with pytest.raises(ValueError, match=text):
        run({**explorer_config(4, 0.9, 50, dataset="digits"), **TINY}, {metric: n}, tmp_path)
