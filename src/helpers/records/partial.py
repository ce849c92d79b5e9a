"""The metrics of a run that has not ended yet, so that a killed run loses none of them."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

NAME = "partial.json"


@dataclass
class Partial:
    """What an interrupted run has computed so far, in the run's scratch folder.

    Attributes:
        code: the code hash it was computed with; other code does not take it up.
        metrics: value by name.
        n: the number of images each metric stands on.
        cost: seconds and peak memory, over all tries.
    """

    code: str
    metrics: dict[str, float] = field(default_factory=dict)
    n: dict[str, int] = field(default_factory=dict)
    cost: dict[str, float] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path, code: str, *, fresh: bool = False) -> "Partial":
        """What `folder` holds of a try with the same code, else nothing.

        Args:
            folder: the run's scratch folder.
            code: the code hash of this try.
            fresh: empty the folder of what older code left there, checkpoints too.

        Raises:
            ValueError: the file is not what `save` writes.
        """
        path = folder / NAME
        if path.exists():
            try:
                held = cls(**json.loads(path.read_bytes()))
            except (ValueError, TypeError) as error:
                raise ValueError(f"{path} cannot be read ({error}); delete it") from error
            if held.code == code:
                return held
        if fresh and folder.exists():
            shutil.rmtree(folder)
        partial = cls(code)
        partial.save(folder)
        return partial

    def lacking(self, wanted: Mapping[str, int]) -> dict[str, int]:
        """Those of the `wanted` metrics that are not here on as many images."""
        return {name: n for name, n in wanted.items() if self.n.get(name, 0) < n}

    def save(self, folder: Path) -> None:
        """Write it so that a kill at any moment leaves the old file or the new one."""
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{NAME}.new"
        with fresh.open("w") as file:
            json.dump(asdict(self), file, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(folder / NAME)


def discard(folder: Path) -> None:
    """Forget the metrics in `folder`; the checkpoints beside them stay."""
    (folder / NAME).unlink(missing_ok=True)
