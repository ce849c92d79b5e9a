"""In which order targets come, at both scales."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

import pandas as pd

from helpers.figures.record_table import NOT_RUN, seed_values
from helpers.figures.targets import SCALES, fields_of, label_of
from helpers.records import Record


def ordering(
    records: Iterable[Record], targets: Sequence[str], columns: Mapping[str, str]
) -> pd.DataFrame:
    """The place of each target by the mean over its seeds, the highest first, at each scale.

    Args:
        records: of one experiment.
        targets: names from :data:`helpers.figures.targets.LOOKS`.
        columns: by the name of a column its metric.

    Returns:
        A row for each target and a column for each metric at each scale; a dot where a target has
        not run, so that places are among those that have.

    Raises:
        ValueError: there are no targets or no columns, or one is unknown.
    """
    if not targets or not columns:
        raise ValueError("targets and columns are empty; there may be one or more of each")
    held = list(records)
    table: dict[str, list[str]] = {}
    for name, metric in columns.items():
        for scale in SCALES:
            values = {
                label_of(target): seed_values(held, metric, fields_of(target, scale))
                for target in targets
            }
            means = pd.Series({label: fmean(of) for label, of in values.items() if of}, dtype=float)
            places = means.rank(ascending=False, method="min")
            table[f"{name}, {scale}"] = [
                f"{places[label]:.0f}" if label in places else NOT_RUN for label in values
            ]
    return pd.DataFrame(table, index=[label_of(target) for target in targets])
