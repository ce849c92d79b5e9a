"""The numbers behind figure 1 of Li et al. (2019), of one recording or one pair of scans."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from scipy.stats import pearsonr, spearmanr
from torch import Tensor

from helpers.checks import check_choice
from helpers.data import data_folder
from helpers.data.recordings.allen import read_allen
from helpers.data.recordings.antolik import read_antolik
from helpers.data.recordings.recording import Recording
from helpers.data.recordings.simulated import Population, simulate
from helpers.data.stimuli import stimuli
from helpers.experiments.experiment import Config, StandInError, Workplace, load_named
from helpers.models.sensorium_cnn import SIZE, predicted_responses, read_sensorium_cnn
from helpers.neural_similarity.fluctuation import repeat_fluctuation, scan_fluctuation
from helpers.neural_similarity.predictive import fit
from helpers.neural_similarity.reliability import signal_to_noise
from helpers.neural_similarity.resampled import interval, resampled_rank_correlations
from helpers.neural_similarity.similarity import (
    centred_similarity,
    oracle_similarity,
    similarity_matrix,
    trial_similarity,
    upper,
)

#: Recorded responses to repeated images (Antolík et al. 2016).
REGIONS = ("region 1", "region 2", "region 3")
#: Recorded similarities by area and layer (de Vries et al. 2020).
ALLEN = tuple(
    f"{area}_layer{layer}"
    for area, layers in {
        "VISp": ("23", "4", "5", "6"),
        "VISl": ("23", "4", "5", "6"),
        "VISal": ("23", "4", "5"),
        "VISrl": ("23", "4", "5"),
        "VISam": ("23", "4", "5"),
        "VISpm": ("23", "4", "5", "6"),
    }.items()
    for layer in layers
)
SIMULATED = ("simulated", "simulated scans")
#: Of one scan: correlation with the oracle similarity of that of single trials, of a model, of
#: pixels; standard deviation over pairs of the oracle's and the model's, and over repeats.
OF_REGIONS = (
    "r_data_oracle",
    "r_model_oracle",
    "r_pixels_oracle",
    "sd_oracle",
    "sd_model",
    "sd_repeat",
)
#: Of a model that was fitted to the scan itself, also the correlation of its predictions with the
#: responses to images it has not seen, the mean over neurons.
OF_SIMULATED = (*OF_REGIONS, "v_test")
#: Of scans of the same images.
OF_SCANS = ("r_scans", "sd_scan")
#: Rank correlation with the recorded similarity, centred (equation 2), of a model that never saw
#: it, and of pixels; how reliable the recorded one is, from 0 to 1; and the ends of 95 % intervals
#: over images, of the two and of how far the model is ahead.
OF_ALLEN = (
    "rho_model",
    "rho_pixels",
    "noise_ceiling",
    *(f"{name}_{end}" for name in ("rho_model", "rho_pixels", "ahead") for end in ("low", "high")),
)


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Compute the metrics of one recording; see the names above.

    Raises:
        StandInError: the recording, or the model it is compared with, is not in the data folder.
        DataError: it is, and cannot be used.
        ValueError: `config` names no recording, or a metric is not one of its kind.
    """
    recording = check_choice(
        "recording", config["recording"], (*REGIONS, "regions 1 and 2", *ALLEN, *SIMULATED)
    )
    if recording == "simulated":
        found = of_simulated(config, work)
    elif recording == "simulated scans":
        scans = [_simulated(config, scan) for scan in range(config["scans"])]
        found = of_scans([oracle_of(scan) for scan in scans])
    elif recording == "regions 1 and 2":
        found = of_scans([oracle_of(_region(number)) for number in (1, 2)])
    elif recording in REGIONS:
        scan = _region(int(recording[-1]))
        numbers, _ = scan.oracle()
        found = of_scan(scan, _published(stimuli(scan.images[numbers])))
    else:
        found = _of_allen(recording)
    for metric in wanted:
        check_choice("metric", metric, found)
        yield metric, found[metric]


def weighted(recording: Recording) -> Tensor:
    """Responses (images, trials, neurons) to the repeated images, scaled by equation 1."""
    _, responses = recording.oracle()
    return (responses * signal_to_noise(responses)).double()


def oracle_of(recording: Recording) -> Tensor:
    """The oracle similarity of a scan, equation 3."""
    return oracle_similarity(weighted(recording))


def of_scan(recording: Recording, model: Tensor) -> dict[str, float]:
    """:data:`OF_REGIONS` of a scan, with a model's responses (images, neurons) to its images."""
    responses = weighted(recording)
    oracle = upper(oracle_similarity(responses))
    single = trial_similarity(responses).permute(0, 2, 1, 3)
    rows, columns = torch.triu_indices(len(responses), len(responses), 1)
    single = single[rows, columns].flatten(1)
    numbers, _ = recording.oracle()
    modelled = upper(similarity_matrix(model.double()))
    pixels = upper(similarity_matrix(recording.images[numbers].double()))
    return {
        "r_data_oracle": _r(single.flatten(), oracle[:, None].expand_as(single).flatten()),
        "r_model_oracle": _r(modelled, oracle),
        "r_pixels_oracle": _r(pixels, oracle),
        "sd_oracle": oracle.std().item(),
        "sd_model": modelled.std().item(),
        "sd_repeat": repeat_fluctuation(responses).std().item(),
    }


def of_scans(oracles: list[Tensor]) -> dict[str, float]:
    """:data:`OF_SCANS`: the mean correlation of two scans, and equation 4's spread."""
    pairs = [
        _r(upper(one), upper(other))
        for number, one in enumerate(oracles)
        for other in oracles[:number]
    ]
    return {"r_scans": float(np.mean(pairs)), "sd_scan": scan_fluctuation(oracles).std().item()}


def of_simulated(config: Config, work: Workplace) -> dict[str, float]:
    """:data:`OF_SIMULATED` of one simulated scan, and of the model that is fitted to it."""
    recording = _simulated(config, config["seed"])
    fitted = fit(
        recording,
        epochs=config["epochs"],
        seed=config["seed"],
        on_epoch=lambda number, r: work.say(f"epoch {number}: correlation {r:.3f}"),
    )
    numbers, responses = recording.oracle()
    # Weights of the paper: how reliable a neuron is, and how well it is predicted.
    scale = signal_to_noise(responses) * fitted.correlation(recording, "validation").clamp(min=0)
    found = of_scan(recording, fitted.to_images(recording.images[numbers]) * scale)
    return found | {"v_test": fitted.correlation(recording, "test").mean().item()}


def _simulated(config: Config, scan: int) -> Recording:
    data = load_named(config["dataset"], torch.device("cpu"))
    count = config["once"] + config["repeated"]
    if len(data.train_images) < count:
        raise ValueError(
            f"once and repeated are {count}; {data.name} has {len(data.train_images)} images"
        )
    return simulate(
        stimuli(data.train_images[:count]),
        Population(neurons=config["neurons"]),
        repeated=config["repeated"],
        scan=scan,
    )


def _of_allen(population: str) -> dict[str, float]:
    folder = _folder("similarity matrices of the Allen Brain Observatory")
    scenes = read_allen(folder)
    if scenes is None:
        raise StandInError(
            "this run needs the similarity matrices of the Allen Brain Observatory in the data "
            "folder"
        )
    recorded = centred_similarity(scenes.similarity(population))
    shown = scenes.stimuli(*SIZE)
    model = similarity_matrix(_published(shown).double())
    pixels = similarity_matrix(shown.double())
    by_draw = resampled_rank_correlations(recorded.double(), [model, pixels])
    ends = {
        "rho_model": interval(by_draw[:, 0]),
        "rho_pixels": interval(by_draw[:, 1]),
        "ahead": interval(by_draw[:, 0] - by_draw[:, 1]),
    }
    return {
        "rho_model": _rho(upper(model), upper(recorded)),
        "rho_pixels": _rho(upper(pixels), upper(recorded)),
        "noise_ceiling": scenes.ceilings[population],
        **{f"{name}_low": low for name, (low, _) in ends.items()},
        **{f"{name}_high": high for name, (_, high) in ends.items()},
    }


def _region(number: int) -> Recording:
    found = read_antolik(_folder("recordings of Antolík et al. (2016)"), number)
    if found is None:
        raise StandInError(
            f"this run needs region {number} of the recordings of Antolík et al. (2016) in the "
            "data folder"
        )
    return found


def _published(images: Tensor) -> Tensor:
    """Responses (n, 7776) of the published model of mouse V1 to images (n, 1, 36, 64)."""
    network = read_sensorium_cnn(_folder("published model of mouse V1"))
    if network is None:
        raise StandInError("this run needs the published model of mouse V1 in the data folder")
    return predicted_responses(network, images)


def _folder(what: str) -> Path:
    folder = data_folder()
    if folder is None:
        raise StandInError(f"this run needs the {what} in the data folder, and there is none")
    return folder


def _r(one: Tensor, other: Tensor) -> float:
    return float(pearsonr(one.numpy(), other.numpy()).statistic)


def _rho(one: Tensor, other: Tensor) -> float:
    return float(spearmanr(one.numpy(), other.numpy()).statistic)
