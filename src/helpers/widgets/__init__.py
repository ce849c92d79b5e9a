"""Controls with which a reader tries things out, on the page and in JupyterLab alike."""

from helpers.widgets.cerebellum_explorer import cerebellum_explorer
from helpers.widgets.explorer_models import read_readouts
from helpers.widgets.live_figure import show_live
from helpers.widgets.similarity_explorer import similarity_explorer
from helpers.widgets.sleep_explorer import sleep_explorer

__all__ = [
    "cerebellum_explorer",
    "read_readouts",
    "show_live",
    "similarity_explorer",
    "sleep_explorer",
]
