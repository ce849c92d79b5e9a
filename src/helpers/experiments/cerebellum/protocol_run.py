"""The checks that tell a robust model from a failed attack, for one model."""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn

from helpers.attacks.losses import input_gradient, named_loss
from helpers.data import as_float
from helpers.evaluation.attacked import AttackSetting, accuracy_under
from helpers.experiments.cerebellum.mnist_run import train_cerebellum, train_cnn
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.training.accuracy import accuracy


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one model, or take it from its checkpoint, and check the attack on it.

    Besides accuracies under attack there are ``gradient_<loss>_p<q>``, a percentile over images of
    the L1 norm of the gradient (what one pixel value of eps promises to add to the loss), and
    ``gradient_<loss>_zero``, the percentage of images whose gradient is exactly zero.

    Raises:
        StandInError: the data named in `config` is not there.
        ValueError: a metric is unknown, or asks for more images than there are.
    """
    data = load_named(config["dataset"], work.device)
    images, labels = as_float(data.test_images), data.test_labels
    for metric, n in wanted.items():
        check_enough(metric, n, images)
    trained = train_cnn if config["model"] == "cnn" else train_cerebellum
    model, _ = trained(config, data, work)
    for metric, n in wanted.items():
        work.say(metric)
        if metric == "test_acc":
            value = accuracy(model, images[:n], labels[:n])
        elif metric.startswith("gradient_"):
            _, rest = metric.split("gradient_")
            loss, what = rest.rsplit("_", 1)
            norms = gradient_norms(model, loss, images[:n], labels[:n])
            value = _summary(norms, what)
        else:
            value = accuracy_under(AttackSetting.parse(metric), model, images[:n], labels[:n])
        yield metric, value


def _summary(norms: Tensor, what: str) -> float:
    """A percentile such as "p5", or with "zero" the percentage of zeros."""
    if what == "zero":
        return 100 * (norms == 0).double().mean().item()
    number = what.removeprefix("p")
    if number == what or not number.isdecimal() or int(number) > 100:
        raise ValueError(f"what is {what!r}; it may be zero or p0 to p100")
    return torch.quantile(norms.double(), int(number) / 100).item()


def gradient_norms(
    model: nn.Module, loss: str, images: Tensor, labels: Tensor, batch: int = 250
) -> Tensor:
    """L1 norms (n,) of the gradient of `loss` for each image.

    Raises:
        ValueError: `loss` is unknown.
    """
    climb = named_loss(loss)
    return torch.cat(
        [
            input_gradient(model, climb, x, y)[0].flatten(1).abs().sum(1)
            for x, y in zip(images.split(batch), labels.split(batch), strict=True)
        ]
    )
