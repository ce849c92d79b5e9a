"""Noise in one band, blur, and the spectrum of the gradient, of one network of part II."""

import re
from collections.abc import Iterator, Mapping

import torch

from helpers.checks import check_choice
from helpers.data import as_float
from helpers.evaluation.corruptions import Corruption, accuracy_corrupted
from helpers.evaluation.frequencies import BANDS, band_noise, gradient_spectrum
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.experiments.neural_similarity.networks import trained
from helpers.training.accuracy import accuracy

#: L2 norm of the noise in one band, in pixel values: about that of noise with a standard deviation
#: of .05 on all frequencies of a 32x32 image.
SIZE = 1.6


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one network, or take it from an earlier run, and measure it.

    ``band_<f>`` is the accuracy in percent under noise of the octave from f cycles per image,
    ``blur_<sigma>`` that on blurred images, ``gradient_<f>`` the percent of the power of the loss
    gradient in that octave.

    Raises:
        StandInError: the data that `config` names are not there.
        ValueError: a metric is unknown, or asks for more images than there are.
    """
    data = load_named(config["dataset"], work.device)
    for metric, n in wanted.items():
        _band(metric)  # before the training that a mistake would waste
        check_enough(metric, n, data.test_images)
    model = trained(config, work).model
    spectra: dict[int, dict[float, float]] = {}
    for metric, n in wanted.items():
        work.say(metric)
        images, labels = as_float(data.test_images[:n]), data.test_labels[:n]
        band = _band(metric)
        if band is None:
            corruption = Corruption.parse(metric)
            yield metric, accuracy_corrupted(corruption, model, images, labels)
        elif metric.startswith("gradient"):
            if n not in spectra:
                spectra[n] = gradient_spectrum(model, images, labels)
            yield metric, spectra[n][band]
        else:
            generator = torch.Generator().manual_seed(config["seed"])
            yield metric, accuracy(model, band_noise(images, band, SIZE, generator), labels)


def _band(metric: str) -> int | None:
    """The lower end of the octave that a metric is about, None for a blur."""
    found = re.fullmatch(r"(band|gradient)_(\d+)", metric)
    if found is not None:
        check_choice("band", found[2], tuple(map(str, BANDS)))
        return int(found[2])
    if not metric.startswith("blur_"):
        raise ValueError(f"metric is {metric!r}; it may be band_<f>, gradient_<f> or blur_<sigma>")
    Corruption.parse(metric)
    return None
