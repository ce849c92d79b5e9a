"""A run's scratch folder, and the metrics of a run that has not ended yet.

Each code has a folder of its own, ``runs/<experiment>/<key>/<code hash>``: what it holds, the
checkpoints too, is never taken up by other code.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from helpers.files import replacing

NAME = "partial.json"


@dataclass
class Partial:
    """What an interrupted run has computed so far, in the run's scratch folder.

    Attributes:
        metrics: value by name.
        n: the number of images each metric stands on.
        cost: seconds and peak memory, over all tries.
    """

    metrics: dict[str, float] = field(default_factory=dict)
    n: dict[str, int] = field(default_factory=dict)
    cost: dict[str, float] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> "Partial":
        """What an earlier try left in `folder`, the run's scratch folder, else nothing.

        Raises:
            ValueError: the file is not what `save` writes.
        """
        path = folder / NAME
        if not path.exists():
            return cls()
        try:
            found = cls(**json.loads(path.read_bytes()))
            for name, values in vars(found).items():
                if not isinstance(values, dict) or not all(map(_is_number, values.values())):
                    raise ValueError(f"{name} is {values!r}; it may be an object with numbers")
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path} cannot be read ({error}); delete it") from error
        return found

    def lacking(self, wanted: Mapping[str, int]) -> dict[str, int]:
        """Those of the `wanted` metrics that are not here on as many images."""
        return {name: n for name, n in wanted.items() if self.n.get(name, 0) < n}

    def save(self, folder: Path) -> None:
        """Write it so that a kill at any moment leaves the old file or the new one."""
        with replacing(folder / NAME) as fresh, fresh.open("w") as file:
            json.dump(asdict(self), file, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def scratch(home: Path, code: str) -> Path:
    """The scratch folder that `code` has in `home`, the folder of one run.

    What other code left in `home` is removed. The run must be locked.
    """
    folder = home / code
    for path in home.iterdir() if home.exists() else ():
        if path.is_dir() and path != folder:
            shutil.rmtree(path)
        elif path != folder:
            path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def discard(folder: Path) -> None:
    """Forget the metrics in `folder`; the checkpoints beside them stay."""
    (folder / NAME).unlink(missing_ok=True)
