import pytest
import torch

from helpers.claims import read_claims
from helpers.code import upstream
from helpers.data import as_float, load
from helpers.experiments import EXPERIMENTS, StandInError, Workplace
from helpers.experiments.cerebellum.mnist import SPARSE_ROWS, cerebellum_config, cnn_config
from helpers.records import matches

EXPERIMENT = EXPERIMENTS["cerebellum/mnist"]


def test_sparse_rows_share_one_number_of_synapses():
    for k, m in SPARSE_ROWS:
        assert abs(m - 4.8e6 / (k + 20)) < 1


@pytest.mark.parametrize("profile", ["smoke", "laptop", "paper"])
def test_a_configuration_stands_once_in_a_grid(profile):
    configs = [tuple(config.items()) for config in EXPERIMENT.grid(profile)]
    assert len(configs) == len(set(configs)) > 0


def test_the_laptop_runs_rows_of_the_paper():
    paper = EXPERIMENT.grid("paper")
    assert all(config in paper for config in EXPERIMENT.grid("laptop"))


def test_every_number_of_the_paper_is_answered_by_rows_of_the_grid():
    grid = EXPERIMENT.grid("paper")
    claims = [c for c in read_claims() if c.experiment == EXPERIMENT.name and c.predicate is None]
    assert claims
    for claim in claims:
        answering = [config for config in grid if matches(config, claim.config)]
        assert {config["seed"] for config in answering} >= {0, 123}, claim.id
        for config in answering:
            assert EXPERIMENT.metrics(config, "paper")[claim.metric] == claim.images, claim.id


def test_seed_0_runs_first_and_cheap_rows_before_dear_ones():
    grid = EXPERIMENT.grid("paper")
    seeds = [config["seed"] for config in grid]
    assert seeds.index(123) == seeds.count(0)
    costs = [EXPERIMENT.minutes(c) for c in grid if c["seed"] == 0 and c["batch"] == 50]
    assert costs == sorted(costs)


def workplace(folder):
    return Workplace(folder, torch.device("cpu"))


def small(**change):
    return dict(cerebellum_config("rc", 4, 60, ltd=True, epochs=2, dataset="digits")) | change


WANTED = {"test_acc": 500, "test_acc_last": 500, "fgsm_mse_0.1": 40, "pgd_mse_0.1_steps3": 40}


def test_a_run_measures_what_was_asked(tmp_path):
    found = dict(EXPERIMENT.run(small(), WANTED, workplace(tmp_path)))
    assert found.keys() == WANTED.keys()
    assert found["test_acc"] >= found["test_acc_last"] > 30
    assert found["fgsm_mse_0.1"] < found["test_acc"]


def test_an_attack_added_later_costs_no_training(tmp_path):
    first = dict(EXPERIMENT.run(small(), {"test_acc": 500}, workplace(tmp_path)))
    said = []
    work = Workplace(tmp_path, torch.device("cpu"), said.append)
    later = dict(EXPERIMENT.run(small(), WANTED, work))
    assert later["test_acc"] == first["test_acc"]
    assert said == ["fgsm_mse_0.1", "pgd_mse_0.1_steps3"]


def test_the_baseline_learns_digits(tmp_path):
    config = cnn_config(epochs=1, dataset="digits")
    wanted = {"test_acc": 500, "fgsm_cross_entropy_0.1": 20}
    found = dict(EXPERIMENT.run(config, wanted, workplace(tmp_path)))
    assert found["test_acc"] > 70
    again = dict(EXPERIMENT.run(config, wanted, workplace(tmp_path)))
    assert again == found


def test_more_images_than_there_are(tmp_path):
    with pytest.raises(ValueError, match="asks for 501 images; there are 500"):
        dict(EXPERIMENT.run(small(), {"fgsm_mse_0.1": 501}, workplace(tmp_path)))


def test_a_run_never_rests_on_a_stand_in(tmp_path, monkeypatch):
    monkeypatch.setenv("BORROWED_BRAINS_PROFILE", "smoke")  # load("mnist") gives digits here
    assert load("mnist").name == "digits"
    with pytest.raises(StandInError, match=r"this run needs mnist\. The smoke profile"):
        dict(EXPERIMENT.run(small(dataset="mnist"), WANTED, workplace(tmp_path)))


def test_a_record_depends_on_what_its_run_uses_and_on_nothing_else():
    used = upstream(EXPERIMENT.module) | {EXPERIMENT.module}
    assert {"helpers.cerebellum.kernels.sparse", "helpers.attacks.pgd"} <= used
    outside = ("helpers.experiments.cerebellum.mnist", "helpers.attacks", "helpers.records")
    assert not [name for name in used if name in outside or name.startswith("helpers.figures")]


def test_images_are_not_normalised():
    images = as_float(load("digits").train_images)
    assert images.min() == 0
    assert images.max() == 1
