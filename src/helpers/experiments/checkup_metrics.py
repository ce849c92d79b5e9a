"""The check-up as metrics of a run: its verdicts as numbers, and what its attacks leave."""

from collections.abc import Iterator, Mapping

from helpers.evaluation.checkup import Checkup

#: The lines of the check-up, in their order.
LINES = (
    "scores",
    "same answer twice",
    "clean accuracy",
    "many steps beat one",
    "gradients",
    "the loss rises along the gradient",
    "gradients at another scale",
    "no bound",
    "twice the steps",
    "more random starts",
    "another loss",
    "images of another model",
    "white box beats black box",
    "another library",
    "AutoAttack",
)
#: The attacks whose accuracy a record keeps.
LEFT = (
    "claim",
    "one step",
    "twice the steps",
    "5 starts",
    "margin",
    "transfer",
    "black box",
    "AutoAttack",
)
#: Those that run on fewer images.
DEAR = ("5 starts", "black box", "AutoAttack")
#: What a verdict is as a number.
VERDICTS = {"pass": 0.0, "fail": 1.0, "not applicable": -1.0}


def slug(line: str) -> str:
    """The name of a line as part of a metric's name."""
    return line.lower().replace(" ", "_")


def checkup_metrics(many: int, few: int, *, autoattack: bool) -> dict[str, int]:
    """The verdict of every line, and what the attacks leave, each with its number of images."""
    left = {f"left_{slug(name)}": few if name in DEAR else many for name in LEFT}
    wanted = {f"line_{slug(name)}": many for name in LINES} | left
    if not autoattack:
        wanted = {name: n for name, n in wanted.items() if not name.endswith("autoattack")}
    return wanted


def read_checkup(found: Checkup, wanted: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    """The metrics that `wanted` names: ``left_<attack>``, percent, and ``line_<name>``.

    Raises:
        ValueError: the check-up has no such line or attack, or looked at fewer images.
    """
    known = {f"left_{slug(name)}": left for name, left in found.left.items()}
    known |= {f"line_{slug(line.name)}": (VERDICTS[line.verdict], found.n) for line in found.lines}
    for metric, n in wanted.items():
        if metric not in known:
            raise ValueError(f"metric is {metric!r}; it may be one of {', '.join(sorted(known))}")
        value, seen = known[metric]
        if n > seen:
            raise ValueError(f"{metric} asks for {n} images; the check-up looked at {seen}")
        yield metric, value
