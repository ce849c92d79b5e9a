"""Controls for k, beta and epsilon that a reader of the page can move: no Python answers them."""

from collections.abc import Iterable, Mapping
from typing import Any

import anywidget
import ipywidgets
import numpy as np
import traitlets

from helpers.checks import check_choice
from helpers.claims import Claim
from helpers.data import Dataset
from helpers.experiments.cerebellum.explorer import (
    BATCH,
    BETA,
    EPS,
    SEEDS,
    TESTED,
    K,
    explorer_config,
)
from helpers.records import Record, matches
from helpers.widgets.explorer_models import SEED, SETTINGS, Readouts
from helpers.widgets.panel import Link, panel
from helpers.widgets.scripts import bundled

ATTACKS = ("fgsm", "pgd")
LOSSES = ("mse", "cross_entropy", "margin")
#: Images to choose from: more would make the page larger and the control coarser.
IMAGES = 30
#: In place of an accuracy that no run has measured yet.
NOT_RUN = 65535


class Answer(anywidget.AnyWidget):
    """The part that answers, in the reader's browser: see ``scripts/cerebellum_explorer.mjs``.

    Attributes:
        facts: what does not change: names, sizes, radii.
        readouts, offsets, images, curves: arrays as bytes, in the order of
            :data:`helpers.widgets.explorer_models.SETTINGS`.
        k, beta, attack, loss, batch, image: places of what the controls have chosen.
        eps: radius of the ball, in pixel values.
        steps: of PGD.
    """

    _esm = bundled("numerics", "chart", "cerebellum_explorer")
    facts = traitlets.Dict().tag(sync=True)
    readouts = traitlets.Bytes().tag(sync=True)
    offsets = traitlets.Bytes().tag(sync=True)
    images = traitlets.Bytes().tag(sync=True)
    curves = traitlets.Bytes().tag(sync=True)
    k = traitlets.Int(2).tag(sync=True)
    beta = traitlets.Int(2).tag(sync=True)
    attack = traitlets.Int(1).tag(sync=True)
    loss = traitlets.Int(0).tag(sync=True)
    batch = traitlets.Int(0).tag(sync=True)
    image = traitlets.Int(0).tag(sync=True)
    eps = traitlets.Float(0.1).tag(sync=True)
    steps = traitlets.Int(40).tag(sync=True)


def cerebellum_explorer(
    data: Dataset,
    held: Readouts,
    records: Iterable[Record] = (),
    claims: Iterable[Claim] = (),
    *,
    small: bool = False,
) -> ipywidgets.Box:
    """Controls, and the answer of small trained cerebella to them.

    Args:
        data: the images to choose from; of the set that the models were trained on.
        held: the trained readouts.
        records: of ``cerebellum/explorer``: accuracies of these models.
        claims: the paper's numbers; those under FGSM on the squared error stand beside ours.
        small: for a page with little room: one image at a time, without the curve of accuracies,
            which needs no `records` then; only the main controls are open.

    Raises:
        ValueError: the models were trained on other images than those of `data`, or `data` are no
            set that they are tested on.
    """
    check_choice("data", data.name, tuple(TESTED))
    if data.name != held.dataset:
        raise ValueError(
            f"data are {data.name} and the models were trained on {held.dataset}; they may be the "
            "same"
        )
    answer = Answer(
        facts=_facts(data, held, claims) | {"curve": not small},
        readouts=held.readouts.tobytes(),
        offsets=held.offsets.tobytes(),
        images=data.test_images[:IMAGES].numpy().tobytes(),
        curves=_curves(records, data.name).tobytes(),
    )
    return _with_controls(answer, small=small)


def _facts(data: Dataset, held: Readouts, claims: Iterable[Claim]) -> dict[str, Any]:
    return {
        "data": "MNIST" if data.name == "mnist" else data.name,
        "side": int(data.test_images.shape[-1]),
        "m": int(held.readouts.shape[1]),
        "seed": SEED,
        "seeds": list(SEEDS),
        "classes": list(data.classes),
        "labels": data.test_labels[:IMAGES].tolist(),
        "k": list(K),
        "beta": [beta if beta is not None else 0 for beta in BETA],
        "losses": list(LOSSES),
        "eps": list(EPS),
        "models": len(SETTINGS),
        "tested": TESTED[data.name],
        "paper": list(_paper(claims)) if data.name == "mnist" else [],
    }


def _paper(claims: Iterable[Claim]) -> Iterable[Mapping[str, Any]]:
    """The paper's accuracies under FGSM on the squared error, with the size of its own models.

    What two of its tables have is there once.
    """
    seen = set()
    for claim in claims:
        name, _, eps = claim.metric.rpartition("_")
        config = claim.config
        if claim.experiment != "cerebellum/mnist" or name != "fgsm_mse" or claim.value is None:
            continue
        # The convolutional baseline; random connections to all inputs; the unpublished notebook.
        if "granule" not in config or (config["granule"] == "rc" and config["k"] == 784):
            continue
        if not claim.place.startswith("Table"):
            continue
        batch = config.get("batch")
        same = (config["k"], config["m"], config["beta"], batch, eps, claim.value)
        if batch in BATCH and config["k"] in K and same not in seen:
            seen.add(same)
            table = claim.place.split(", ")[0]
            yield {
                "k": config["k"],
                "batch": BATCH.index(batch),
                "beta": config["beta"] or 0,
                "eps": float(eps),
                "value": claim.value,
                "name": f"paper, {table}, m = {config['m']:,}: {claim.value:g} %",
            }


def _curves(records: Iterable[Record], dataset: str) -> np.ndarray:
    """Hundredths of a percent: by seed, model, and clean or attack, loss and radius."""
    known = list(records)
    metrics = [
        "test_acc",
        *(f"{attack}_{loss}_{eps}" for attack in ATTACKS for loss in LOSSES for eps in EPS),
    ]
    table = np.zeros((len(SEEDS), len(SETTINGS), len(metrics)), dtype=np.uint16)
    for i, seed in enumerate(SEEDS):
        for j, (batch, beta, k) in enumerate(SETTINGS):
            config = explorer_config(k, beta, batch, seed=seed, dataset=dataset)
            found = next((r.metrics for r in known if matches(r.config, config)), {})
            table[i, j] = [
                round(100 * found[metric]) if metric in found else NOT_RUN for metric in metrics
            ]
    return table


def _with_controls(answer: Answer, *, small: bool) -> ipywidgets.Box:
    """Sliders and lists, linked in the browser to what answers."""
    wide = {"layout": {"width": "19rem"}, "style": {"description_width": "6.5rem"}}
    names = ["off", *(f"{beta:g}" for beta in BETA if beta is not None)]
    k = ipywidgets.SelectionSlider(options=K, index=2, description="inputs k", **wide)
    beta = ipywidgets.SelectionSlider(options=names, index=2, description="LTD β", **wide)
    eps = ipywidgets.FloatSlider(
        value=0.1, min=0, max=0.5, step=0.01, description="epsilon ε", **wide
    )
    loss = ipywidgets.Dropdown(
        options=["squared error", "cross-entropy", "margin"], index=0, description="loss", **wide
    )
    image = ipywidgets.IntSlider(
        value=0, min=0, max=len(answer.facts["labels"]) - 1, description="test image", **wide
    )
    attack = ipywidgets.Dropdown(options=["FGSM", "PGD"], index=1, description="attack", **wide)
    steps = ipywidgets.IntSlider(value=40, min=1, max=100, description="PGD steps", **wide)
    batch = ipywidgets.Dropdown(
        options=[f"{batch} image{'s' if batch > 1 else ''} a step" for batch in BATCH],
        index=0,
        description="trained on",
        **wide,
    )
    links: tuple[Link, ...] = (
        (k, "index", "k"),
        (beta, "index", "beta"),
        (eps, "value", "eps"),
        (loss, "index", "loss"),
        (image, "value", "image"),
        (attack, "index", "attack"),
        (steps, "value", "steps"),
        (batch, "index", "batch"),
    )
    return panel(answer, links, folded=(*([image] if small else []), attack, steps, batch))
