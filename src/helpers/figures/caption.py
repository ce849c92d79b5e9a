"""What stands under a figure: what it shows, and from which data, seeds and profile."""

from dataclasses import dataclass

from helpers.checks import check_count
from helpers.paths import RESULTS
from helpers.profiles import Profile, check_profile


@dataclass(frozen=True)
class Caption:
    """Text under a figure; a notebook shows it as the output that follows the figure.

    Attributes:
        text: markdown.
    """

    text: str

    def _repr_markdown_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


def caption(
    what: str,
    *,
    data: str,
    n: int,
    profile: Profile,
    seeds: int | None = None,
    spread: str | None = None,
    records: str | None = None,
) -> Caption:
    """The caption of a figure.

    Args:
        what: one or more sentences, each ending in a full stop.
        data: name of the images really used, with what they stand in for.
        n: number of images.
        profile: at which the cell ran.
        seeds: number of seeds, where there is more than one run.
        spread: what a band or a bar is, such as "range over seeds".
        records: name of the experiment whose records are drawn, such as ``cerebellum/mnist``.

    Raises:
        ValueError: a text is empty or `what` ends without a full stop, `n` or `seeds` is below 1,
            or `profile` is not one.
    """
    for name, text in (("what", what), ("data", data), ("spread", spread), ("records", records)):
        if text is not None and not text.strip():
            raise ValueError(f"{name} is empty; it may be a text")
    if not what.endswith("."):
        raise ValueError(f"what is {what!r}; it may be sentences that end with a full stop")
    check_count("n", n, 1)
    facts = [f"Data: {data}", f"n = {n:,} image{'s' if n > 1 else ''}"]
    if seeds is not None:
        check_count("seeds", seeds, 1)
        facts.append(f"{seeds} seed{'s' if seeds > 1 else ''}")
    if spread is not None:
        facts.append(f"band or bar: {spread}")
    facts.append(f"profile: {check_profile(profile)}")
    if records is not None:
        # From a page in notebooks/<chapter>/, in the built book and in JupyterLab alike.
        file = f"results/{records}.jsonl"
        ran = (RESULTS / f"{records}.jsonl").exists()
        facts.append(
            f"records: [`{file}`](../../{file})" if ran else f"`{records}` has not run yet"
        )
    return Caption(f"*{what}* {'; '.join(facts)}.")
