"""Where the parts of the checkout are."""

from pathlib import Path

#: The checkout: the folder that holds ``_toc.yml``, ``notebooks/`` and ``results/``.
ROOT = Path(__file__).resolve().parents[2]
#: Run records and small trained weights; the source of every number on a page.
RESULTS = ROOT / "results"
#: Git-ignored scratch: checkpoints of interrupted runs, fetched scripts, build fingerprints.
CACHE = ROOT / ".cache"
#: What the papers say, a row per number.
CLAIMS = ROOT / "book" / "claims"
