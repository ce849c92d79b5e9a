"""Recorded responses of mouse visual cortex, and a simulated population in their place."""

from helpers.data.recordings.allen import AREA_OF_FIGURES, AREAS, AllenScenes, read_allen
from helpers.data.recordings.antolik import read_antolik
from helpers.data.recordings.recording import BEHAVIOUR, Recording
from helpers.data.recordings.scans import load_scans
from helpers.data.recordings.sensorium import read_sensorium, write_sensorium
from helpers.data.recordings.simulated import Population, simulate

__all__ = [
    "AREAS",
    "AREA_OF_FIGURES",
    "BEHAVIOUR",
    "AllenScenes",
    "Population",
    "Recording",
    "load_scans",
    "read_allen",
    "read_antolik",
    "read_sensorium",
    "simulate",
    "write_sensorium",
]
