"""Every notebook runs at smoke and prints what its pair says, cell by cell."""

import os
import subprocess
import sys

import pytest

from helpers.publish import Project
from helpers.publish.execute import TIMEOUT
from helpers.publish.worker import NEVER_BORN, STARTS

PROJECT = Project()


@pytest.mark.parametrize("name", PROJECT.names())
def test_a_notebook_gives_the_outputs_of_its_pair(name):
    command = [sys.executable, "-m", "pytest", "--nbval-lax", str(PROJECT.pair(name))]
    command += ["-q", "--nbval-current-env", f"--nbval-cell-timeout={TIMEOUT['smoke']}"]
    # The settings of the project are for its own tests: nbval and the kernel's libraries warn.
    command += ["-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={PROJECT.root}"]
    environment = {**os.environ, "BORROWED_BRAINS_PROFILE": "smoke", "PYTEST_ADDOPTS": ""}
    for _ in range(STARTS):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        # Kernels that start at the same time may be given one port; then nothing has run.
        if NEVER_BORN not in done.stdout + done.stderr:
            break
    assert done.returncode == 0, done.stdout + done.stderr
