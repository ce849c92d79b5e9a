"""What came out: run records, and the sweep that fills in the missing ones."""

from helpers.records.keys import key, matches
from helpers.records.plan import Planned, plan, short
from helpers.records.record import Record, merge
from helpers.records.store import append, older_code, read, records_of
from helpers.records.sweep import Summary, sweep

__all__ = [
    "Planned",
    "Record",
    "Summary",
    "append",
    "key",
    "matches",
    "merge",
    "older_code",
    "plan",
    "read",
    "records_of",
    "short",
    "sweep",
]
