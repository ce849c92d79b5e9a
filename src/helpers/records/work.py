"""One run: from a job to its record."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from helpers.experiments import Config, Workplace
from helpers.records.partial import Partial
from helpers.records.provenance import Meter, describe, now, versions
from helpers.records.record import Record

Say = Callable[[str], None]
Run = Callable[[Config, Mapping[str, int], Workplace], Iterator[tuple[str, float]]]


@dataclass(frozen=True)
class Job:
    """Everything that one run needs; it can be sent to another process.

    Attributes:
        experiment: the experiment's name.
        run: the experiment's function.
        module: the module whose code, with all it imports, the record depends on.
        config: the settings.
        wanted: the metrics to compute and the number of images of each.
        folder: the scratch folder that this code has for this run.
        device: where to compute, as torch names it.
        commit: the commit that is checked out.
        code: the code hash.
        label: how the run is called in front of the user.
    """

    experiment: str
    run: Run
    module: str
    config: Config
    wanted: Mapping[str, int]
    folder: Path
    device: str
    commit: str
    code: str
    label: str


def work(job: Job, doing: Say) -> Record:
    """Run `job` and return its record, with the wanted metrics alone.

    Each metric is kept in the run's folder as soon as it is known, so that an interrupted run
    goes on behind it. What the experiment yields unasked is not kept.

    Raises:
        ValueError: the experiment yields a metric that is not finite.
        RuntimeError: it ends without a metric that was asked for.
    """
    device = torch.device(job.device)
    meter = Meter(device)
    partial = Partial.open(job.folder)
    before = dict(partial.cost)
    lacking = partial.lacking(job.wanted)
    place = Workplace(job.folder, device, lambda line: doing(f"{job.label}: {line}"))
    try:
        for name, value in job.run(job.config, lacking, place) if lacking else ():
            if name not in lacking:
                continue
            if not math.isfinite(value):
                raise ValueError(f"metric {name} is {value}; it may be a finite number")
            partial.metrics[name], partial.n[name] = float(value), lacking[name]
            partial.cost = _add(before, meter.read())
            partial.save(job.folder)
    except BaseException:  # an interruption too: the next try adds to what this one took
        partial.cost = _add(before, meter.read())
        partial.save(job.folder)
        raise
    missing = partial.lacking(job.wanted)
    if missing:
        raise RuntimeError(f"the run ended without {', '.join(missing)}")
    return Record(
        experiment=job.experiment,
        config=job.config,
        metrics={name: partial.metrics[name] for name in job.wanted},
        n={name: partial.n[name] for name in job.wanted},
        provenance={
            "commit": job.commit,
            "code": job.code,
            "device": describe(device),
            **versions(),
            **_add(before, meter.read()),
            "created": now(),
        },
    )


def _add(before: Mapping[str, float], reading: Mapping[str, float]) -> dict[str, float]:
    """The cost over all tries: seconds add up, of the peaks the highest counts."""
    return {
        name: round(before.get(name, 0) + value, 1)
        if name == "seconds"
        else max(before.get(name, 0), value)
        for name, value in reading.items()
    }
