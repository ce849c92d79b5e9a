import pytest
import torch

from helpers.cerebellum import build, train
from helpers.data import as_float, load
from helpers.evaluation import AttackSetting, accuracy_under
from helpers.evaluation.attacked import attacked
from helpers.experiments import EXPERIMENTS, Workplace

EXPERIMENT = EXPERIMENTS["cerebellum/transfer"]


def run(folder, wanted):
    (config,) = EXPERIMENT.grid("smoke")
    return dict(EXPERIMENT.run(config, wanted, Workplace(folder, torch.device("cpu"))))


def trained(data, seed):
    model = build(d=784, m=50, k=None, beta=None, seed=seed)
    images, test_images = as_float(data.train_images), as_float(data.test_images)
    settings = {"batch": 50, "epochs": 1, "seed": seed}
    train(model, images, data.train_labels, test_images, data.test_labels, **settings)
    return model


@pytest.mark.parametrize("attack", ["fgsm_mse_0.1", "pgd_margin_0.1_steps5"])
def test_against_a_transfer_by_hand(attack, tmp_path):
    data = load("digits")
    images, labels = as_float(data.test_images), data.test_labels
    own, other = trained(data, 0), trained(data, 123)
    found = run(tmp_path, {f"{attack}_from_fc_on_fc": 40, f"{attack}_from_fc_on_fc_again": 40})
    setting = AttackSetting.parse(attack)
    white_box = accuracy_under(setting, own, images[:40], labels[:40])
    assert found[f"{attack}_from_fc_on_fc"] == white_box
    made = attacked(setting, own, images[:40], labels[:40])
    fooling = torch.cat([result.images for result in made])
    right = (other(fooling).argmax(1) == labels[:40]).double().mean().item()
    assert found[f"{attack}_from_fc_on_fc_again"] == pytest.approx(100 * right)
    assert found[f"{attack}_from_fc_on_fc_again"] > white_box


def test_the_grid_is_a_whole_matrix():
    (config,) = EXPERIMENT.grid("paper")
    assert len(EXPERIMENT.metrics(config, "paper")) == 4 * 7 * 7 * 2


def test_an_unknown_model(tmp_path):
    with pytest.raises(ValueError, match="model is 'vgg'; it may be one of cnn, fc"):
        run(tmp_path, {"fgsm_mse_0.1_from_fc_on_vgg": 10})


def test_more_images_than_there_are(tmp_path):
    with pytest.raises(ValueError, match="_on_fc asks for 501 images; there are 500"):
        run(tmp_path, {"fgsm_mse_0.1_from_fc_on_fc": 501})
    assert not list(tmp_path.iterdir())  # nothing was trained
