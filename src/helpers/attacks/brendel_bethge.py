"""The Brendel-Bethge attacks of foolbox, kept from hanging and from depending on the batch."""

from collections.abc import Callable
from typing import Any

import numpy as np
from torch import Tensor

from helpers.attacks.from_foolbox import misclassified, wrapped
from helpers.attacks.requests import check_options
from helpers.attacks.sandbox import Search
from helpers.attacks.shield import Shield
from helpers.attacks.starts import starting_points

#: Foolbox's names for the four attacks and for what solves their quadratic problem at every step.
PARTS = {
    "l0": ("L0BrendelBethgeAttack", "L0Optimizer"),
    "l1": ("L1BrendelBethgeAttack", "L1Optimizer"),
    "l2": ("L2BrendelBethgeAttack", "L2Optimizer"),
    "linf": ("LinfinityBrendelBethgeAttack", "LinfOptimizer"),
}


def brendel_bethge(norm: str) -> Callable[..., Search]:
    """The attack in `norm` (Brendel et al. 2019), from our starting points.

    Its options are foolbox's (``steps``, ``lr``, ``lr_decay``, ``lr_num_decay``, ``momentum``,
    ``overshoot``, ``binary_search_steps``) and ``compiled``: False solves in plain Python, many
    times slower, but without the 15 to 60 seconds that Numba compiles once per norm and process.
    ``lr``, the trust region as a share of the number of pixels, is 0.02 where foolbox has 0.001:
    that is foolbox's for a batch of 20, see below.
    """

    def options_to_search(*, compiled: bool = True, lr: float = 2e-2, **options: Any) -> Search:
        from foolbox.attacks import brendel_bethge as theirs

        known = ("steps", "lr_decay", "lr_num_decay", "momentum", "overshoot")
        check_options(
            f"brendel_bethge_{norm}", options, (*known, "binary_search_steps", "compiled", "lr")
        )
        base: Any = getattr(theirs, PARTS[norm][0])
        solver = getattr(theirs, PARTS[norm][1])

        class Attack(base):
            def instantiate_optimizer(self) -> "_Solver":
                return _Solver(solver() if compiled else interpreted(solver, theirs.BFGSB))

        def search(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
            x, has = starting_points(model, images, labels)
            n = int(has.sum())
            if n:
                # Foolbox 3.3.4 multiplies by the number of pixels of the whole batch instead: the
                # answer for an image depends on how many others there are.
                attack = Attack(lr=lr / n, **options)
                x[has] = attack.run(
                    wrapped(model),
                    images[has],
                    misclassified(labels[has]),
                    starting_points=x[has],
                )
            return x

        return search

    return options_to_search


class _Solver:
    """Foolbox's solver, given only problems on which its loops end.

    It looks for the step ``delta`` with ``b . delta = c``. Its tolerances and the range in which it
    searches are absolute (1e-10, 1e10), so that a small gradient b, or NaN, keeps it searching for
    ever (foolbox, issue 583). The same step solves the problem divided by the length of b.
    """

    def __init__(self, solver: Any) -> None:
        self.solver = solver

    def solve(
        self,
        x0: np.ndarray,
        x: np.ndarray,
        b: np.ndarray,
        min_: float,
        max_: float,
        c: float,
        r: float,
    ) -> np.ndarray:
        # Rounding leaves points just outside, from where no step leads between the bounds.
        x0, x, b = (np.asarray(given, np.float64) for given in (x0, x.clip(min_, max_), b))
        length = float(np.linalg.norm(b))
        nowhere = np.zeros_like(x)
        if not (np.isfinite(x).all() and np.isfinite(length) and np.isfinite(c) and length > 0):
            return nowhere
        step = self.solver.solve(x0, x, b / length, float(min_), float(max_), c / length, r)
        return step if np.isfinite(step).all() else nowhere


def interpreted(compiled: Any, bfgs: Any) -> Any:
    """One of foolbox's compiled solvers as plain Python."""

    def plain(kind: Any) -> Any:
        methods = {name: each.py_func for name, each in kind.class_type.jit_methods.items()}
        return type(kind.__name__, (), methods)

    solver = plain(compiled)
    del solver.__init__  # would make a compiled BFGSB
    made = solver()
    made.bfgsb = plain(bfgs)()
    return made
