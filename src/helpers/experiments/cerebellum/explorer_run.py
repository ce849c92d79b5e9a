"""Training one small cerebellum of the live pages, and attacking it as the pages do."""

import copy
from collections.abc import Iterator, Mapping

import torch

from helpers.attacks.fgsm import fgsm
from helpers.attacks.pgd import pgd
from helpers.cerebellum.granule import GranuleLayer
from helpers.cerebellum.model import Cerebellum
from helpers.cerebellum.shared_layer import shared_cerebellum
from helpers.cerebellum.train import train
from helpers.data import as_float
from helpers.evaluation.attacked import AttackSetting
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one model, and measure what FGSM and PGD from the image itself leave, in percent.

    Without a random start: a page shall give the same answer twice.

    Raises:
        StandInError: the data named in `config` are not there.
        ValueError: a metric is unknown, or asks for more images than there are.
    """
    data = load_named(config["dataset"], work.device)
    model = with_matrix(explorer_model(config, work.device))
    for metric, n in wanted.items():
        images, labels = as_float(check_enough(metric, n, data.test_images)), data.test_labels[:n]
        work.say(metric)
        if metric == "test_acc":
            with torch.no_grad():
                right = model(images).argmax(1) == labels
        else:
            setting = AttackSetting.parse(metric)
            if setting.attack == "fgsm":
                found = fgsm(model, images, labels, setting.eps, loss=setting.loss)
            else:
                found = pgd(
                    model,
                    images,
                    labels,
                    setting.eps,
                    step=setting.step,
                    steps=setting.steps,
                    loss=setting.loss,
                    random_start=False,
                )
            right = ~found.success
        yield metric, 100 * right.double().mean().item()


def with_matrix(model: Cerebellum) -> Cerebellum:
    """A copy of `model` whose granule layer is a matrix with zeros; the same answers but rounding.

    So few cells are multiplied faster than their inputs are gathered.
    """
    twin = copy.deepcopy(model)
    twin.granule = GranuleLayer(model.granule.matrix(), d=model.granule.d)
    return twin


def explorer_model(config: Config, device: torch.device) -> Cerebellum:
    """The trained model of `config`: the same one at every call on one machine.

    As in the authors' code it is that of the epoch with the best accuracy on the test images, on
    some of which the metrics stand.

    Raises:
        StandInError: the data named in `config` are not there.
    """
    data = load_named(config["dataset"], device)
    model = shared_cerebellum(
        d=data.train_images[0].numel(),
        m=config["m"],
        k=config["k"],
        beta=config["beta"],
        classes=len(data.classes),
        seed=config["seed"],
    ).to(device)
    train(
        model,
        as_float(data.train_images),
        data.train_labels,
        as_float(data.test_images),
        data.test_labels,
        batch=config["batch"],
        epochs=config["epochs"],
        seed=config["seed"],
    )
    return model
