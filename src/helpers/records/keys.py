"""The key of a run: the hash of its experiment and its configuration."""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

from helpers.experiments import Config


def key(experiment: str, config: Config, defaults: Mapping[str, Any] | None = None) -> str:
    """Sixteen hexadecimal digits that name one run.

    A field at its default is left out, so a field that was added after the first records does
    not change their key. The order of fields does not matter, nor does 1 against 1.0.

    Raises:
        ValueError: a value is not text, a boolean, a finite number or null.
    """
    fields = {
        field: _plain(field, value)
        for field, value in config.items()
        if defaults is None or field not in defaults or not same(value, defaults[field])
    }
    text = json.dumps([experiment, fields], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def same(one: object, other: object) -> bool:
    """Whether two JSON values are equal; unlike in Python, true is not 1."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def matches(config: Config, where: Mapping[str, Any]) -> bool:
    """Whether `config` has every field of `where` with its value."""
    return all(field in config and same(config[field], value) for field, value in where.items())


def _plain(field: str, value: Any) -> str | bool | int | float | None:
    """The one way in which a value is written into a key."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return int(value) if value.is_integer() else float(value)
    raise ValueError(
        f"config[{field!r}] is {value!r}; it may be text, a boolean, a finite number or null"
    )
