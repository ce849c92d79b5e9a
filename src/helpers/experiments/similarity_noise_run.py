"""Train one network with two losses and show it noisy images."""

from collections.abc import Iterator, Mapping

from helpers.data import as_float
from helpers.evaluation.corruptions import Corruption, accuracy_corrupted
from helpers.experiments.experiment import Config, Workplace, load_named
from helpers.experiments.similarity_networks import trained
from helpers.models.gray_resnet import layers_read
from helpers.training.accuracy import accuracy

#: Where the weight of each layer is kept, by the number of that layer in an 18-layer network.
GAMMAS = tuple(f"gamma_{layer}" for layer in layers_read(18))


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one network, or take it from an earlier run, and measure it.

    ``gamma_<layer>`` are the weights of equation 10 at the end, from 0 to 1; the layers are named
    as in an 18-layer network at every depth. Noise is drawn anew for each seed.

    Raises:
        StandInError: the data that `config` names are not there.
        ValueError: a metric is unknown, or asks for more images than there are.
    """
    data = load_named(config["dataset"], work.device)
    for metric, n in wanted.items():
        if metric not in GAMMAS and n > len(data.test_images):
            raise ValueError(f"{metric} asks for {n} images; there are {len(data.test_images)}")
        if metric not in (*GAMMAS, "test_acc"):
            Corruption.parse(metric)  # before the training that a mistake would waste
    found = trained(config, work)
    gammas = dict(zip(GAMMAS, found.epochs[-1].gamma, strict=True))
    for metric, n in wanted.items():
        work.say(metric)
        if metric in gammas:
            yield metric, gammas[metric]
            continue
        images, labels = as_float(data.test_images[:n]), data.test_labels[:n]
        if metric == "test_acc":
            yield metric, accuracy(found.model, images, labels)
        else:
            corruption = Corruption.parse(metric)
            yield (
                metric,
                accuracy_corrupted(corruption, found.model, images, labels, seed=config["seed"]),
            )
