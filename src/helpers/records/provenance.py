"""What produced a record: the commit, the machine, the versions, the time and the memory."""

import os
import platform
import resource
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from helpers.paths import ROOT

#: What a result may depend on; a page or a test that is edited does not make a run dirty.
SOURCES = ("src", "pyproject.toml", "requirements.txt")


def commit(root: Path = ROOT) -> str:
    """The checked-out commit, with ``-dirty`` where code or requirements were changed.

    ``unknown`` outside a git checkout and where there is no git.
    """
    head = _git(root, "rev-parse", "--verify", "HEAD")
    if head is None:
        return "unknown"
    changes = _git(root, "status", "--porcelain", "--", *SOURCES)
    return f"{head}-dirty" if changes else head


def describe(device: torch.device) -> str:
    """The processor that computes, and its threads where it is not a GPU."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return f"{_processor()}, {threads} thread{'s' * (threads > 1)}"


def now() -> str:
    """The time in UTC, to the second, as ``2026-11-20T12:00:00Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Meter:
    """The seconds and the memory that a run takes, from its making on."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._start = time.monotonic()
        with suppress(OSError):  # there on Linux only, and a sandbox may forbid it
            _CLEAR.write_text("5")  # the peak counts from here
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)

    def read(self) -> dict[str, float]:
        """Seconds, the peak of this process's memory in MB and, on a GPU, of the memory there.

        Where the system cannot reset it the process's peak counts from the process's start.
        """
        reading = {
            "seconds": round(time.monotonic() - self._start, 1),
            "peak_memory_mb": round(_peak_bytes() / 1e6, 1),
        }
        if self._device.type == "cuda":
            allocated = torch.cuda.max_memory_allocated(self._device)
            reading["peak_device_memory_mb"] = round(allocated / 1e6, 1)
        return reading


def versions() -> dict[str, Any]:
    """The versions that a result may depend on."""
    return {"torch": torch.__version__, "python": platform.python_version()}


_CLEAR = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


def _peak_bytes() -> int:
    if _STATUS.exists():
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _git(root: Path, *arguments: str) -> str | None:
    """What git says, or None where it fails or there is none."""
    # A git that is called by a hook would take that hook's repository for this one.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        answer = subprocess.run(
            ["git", *arguments], cwd=root, env=clean, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()
