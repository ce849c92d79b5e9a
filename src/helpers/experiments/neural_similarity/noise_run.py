"""Train one network with two losses and show it noisy images."""

from collections.abc import Iterator, Mapping

from helpers.data import as_float
from helpers.evaluation.corruptions import Corruption, accuracy_corrupted
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.experiments.neural_similarity.networks import trained
from helpers.models.gray_resnet import layers_read
from helpers.neural_similarity.recalibrated import recalibrated
from helpers.training.accuracy import accuracy

#: Ends the name of a metric of a network with other batch statistics, made on so many images.
RECALIBRATED, CALIBRATION = "_recalibrated", 6_400
#: Where the weight of each layer is kept, by the number of that layer in an 18-layer network.
GAMMAS = tuple(f"gamma_{layer}" for layer in layers_read(18))


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one network, or take it from an earlier run, and measure it.

    ``gamma_<layer>`` are the weights of equation 10 behind the last epoch, from 0 to 1, accuracies
    those of the epoch that was best on images held out; the layers are named
    as in an 18-layer network at every depth. Noise is drawn anew for each seed. A name that ends in
    ``_recalibrated`` is of the same weights with batch statistics of training images alone, see
    :func:`helpers.neural_similarity.recalibrated.recalibrated`.

    Raises:
        StandInError: the data that `config` names are not there.
        ValueError: a metric is unknown, or asks for more images than there are.
    """
    data = load_named(config["dataset"], work.device)
    for metric, n in wanted.items():
        if metric in GAMMAS:
            continue
        check_enough(metric, n, data.test_images)
        name = metric.removesuffix(RECALIBRATED)
        if name != "test_acc":
            Corruption.parse(name)  # before the training that a mistake would waste
    found = trained(config, work)
    gammas = dict(zip(GAMMAS, found.epochs[-1].gamma, strict=True))
    models = {"": found.model}
    if any(metric.endswith(RECALIBRATED) for metric in wanted):
        first = as_float(data.train_images[:CALIBRATION])
        models[RECALIBRATED] = recalibrated(found.model, first)
    for metric, n in wanted.items():
        work.say(metric)
        if metric in gammas:
            yield metric, gammas[metric]
            continue
        images, labels = as_float(data.test_images[:n]), data.test_labels[:n]
        name = metric.removesuffix(RECALIBRATED)
        model = models[metric.removeprefix(name)]
        if name == "test_acc":
            yield metric, accuracy(model, images, labels)
        else:
            corruption = Corruption.parse(name)
            yield (
                metric,
                accuracy_corrupted(corruption, model, images, labels, seed=config["seed"]),
            )
