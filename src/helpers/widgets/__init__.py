"""Controls with which a reader tries things out."""

from helpers.widgets.attack_explorer import AttackExplorer
from helpers.widgets.small_models import SmallModels

__all__ = ["AttackExplorer", "SmallModels"]
