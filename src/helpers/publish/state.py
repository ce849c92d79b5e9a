"""What a build remembers of an executed notebook, in a small file beside it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from helpers.files import replacing
from helpers.publish.fingerprint import Fingerprint


@dataclass(frozen=True)
class State:
    """How a notebook was executed.

    Attributes:
        fingerprint: what it depended on.
        sentence: what its page says about the execution.
    """

    fingerprint: Fingerprint
    sentence: str


def read_state(executed: Path) -> State | None:
    """The state of the notebook at `executed`.

    None when the notebook or its state is missing or cannot be read: it counts as not executed.
    """
    if not executed.is_file():
        return None
    try:
        read = json.loads(_beside(executed).read_text("utf8"))
        return State(fingerprint=dict(read["fingerprint"]), sentence=str(read["sentence"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_state(executed: Path, state: State) -> None:
    """Write the state of the notebook at `executed`, whole or not at all."""
    path = _beside(executed)
    with replacing(path) as fresh:
        fresh.write_text(json.dumps(asdict(state), indent=1), "utf8")


def forget_state(executed: Path) -> None:
    """Take away the state of the notebook at `executed`, which then counts as not executed."""
    _beside(executed).unlink(missing_ok=True)


def _beside(executed: Path) -> Path:
    return executed.with_suffix(".json")
