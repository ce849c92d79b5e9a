"""The lines of a check-up and the whole of them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Literal

from helpers.checks import check_choice

Verdict = Literal["pass", "fail", "not applicable"]
VERDICTS: tuple[Verdict, ...] = ("pass", "fail", "not applicable")
#: A mark beside the word or the name: no verdict hangs on a colour.
MARKS: Mapping[str, str] = {"pass": "●", "fail": "▲", "not applicable": "·"}


@dataclass(frozen=True)
class Line:
    """One thing that must be true of a real claim of robustness.

    Attributes:
        name: what was looked at.
        verdict: "pass", "fail" or "not applicable".
        figure: what was seen, with its numbers.
        meaning: one sentence on what the verdict says about the claim.
        values: the numbers behind `figure`; percent for accuracies.
    """

    name: str
    verdict: Verdict
    figure: str
    meaning: str
    values: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_choice("verdict", self.verdict, VERDICTS)


@dataclass(frozen=True, repr=False)
class Checkup:
    """A check-up of one model.

    Attributes:
        lines: in the order in which they were looked at.
        eps, norm: the ball in which the model is claimed to be robust.
        loss: the loss that the claim's attack climbs.
        n: number of test images.
        seconds: what it took.
        left: percent right under each attack that ran, by its name, with the number of images.
    """

    lines: tuple[Line, ...]
    eps: float
    norm: str
    loss: str
    n: int
    seconds: float
    left: Mapping[str, tuple[float, int]]

    @property
    def failed(self) -> tuple[Line, ...]:
        """The lines that fail."""
        return tuple(line for line in self.lines if line.verdict == "fail")

    @property
    def passed(self) -> bool:
        """Whether no line fails."""
        return not self.failed

    @property
    def conclusion(self) -> str:
        """One sentence on what the claim is worth."""
        claimed = self.left["claim"][0]
        weakest = min(percent for percent, _ in self.left.values())
        if self.passed:
            return (
                f"No line fails: at eps = {self.eps:g} ({self.norm}) the attack leaves "
                f"{claimed:.1f} % right, and nothing here says that it is too weak."
            )
        count = len(self.failed)
        return (
            f"{count} line{'s' if count > 1 else ''} fail{'' if count > 1 else 's'}: the "
            f"{claimed:.1f} % that the attack leaves right at eps = {self.eps:g} ({self.norm}) "
            f"say nothing about robustness. The lowest number seen is {weakest:.1f} %."
        )

    def to_json(self) -> str:
        """The whole as JSON, for machines."""
        return json.dumps(asdict(self) | {"passed": self.passed}, indent=2, allow_nan=False)

    def __repr__(self) -> str:
        return (
            f"Checkup({len(self.lines)} lines, {len(self.failed)} fail, "
            f"eps={self.eps:g}, norm={self.norm!r}, loss={self.loss!r}, n={self.n})"
        )

    def __str__(self) -> str:
        width = max(len(line.name) for line in self.lines)
        rows = [f"{line.verdict:<14}  {line.name:<{width}}  {line.figure}" for line in self.lines]
        return "\n".join([*rows, "", self.conclusion])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{escape(line.name)}</th><td>{_mark(line.verdict)}</td>'
            f"<td>{escape(line.figure)}</td><td>{escape(line.meaning)}</td></tr>"
            for line in self.lines
        )
        head = "".join(
            f'<th scope="col">{name}</th>'
            for name in ("line", "verdict", "what was seen", "meaning")
        )
        return (
            f'<table class="dataframe ledger sentences"><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table><p>{escape(self.conclusion)}</p>"
        )


def _mark(verdict: Verdict) -> str:
    """The verdict with its mark, bold where it fails."""
    text = f"{MARKS[verdict]} {verdict}"
    return f"<strong>{text}</strong>" if verdict == "fail" else text
