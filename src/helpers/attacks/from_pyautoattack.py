"""AutoAttack and its parts (Croce and Hein 2020), from pyautoattack."""

from collections.abc import Callable

import torch
from torch import Tensor

from helpers.attacks.sandbox import Search
from helpers.attacks.shield import Shield
from helpers.checks import check_choice, check_count

#: The library's names for the norms.
THEIRS = {"l1": "L1", "l2": "L2", "linf": "Linf"}

#: Further than any image in [0, 1] is from another.
ANYWHERE = 1e9

#: Fewest classes with which the losses of these attacks are defined.
FEWEST = {"apgd_dlr": 3, "autoattack": 4}


def apgd(loss: str, norm: str) -> Callable[..., Search]:
    """Auto-PGD, which chooses its steps, on the cross-entropy ("ce") or on the DLR loss ("dlr")."""
    check_choice("loss", loss, ("ce", "dlr"))

    def options_to_search(*, steps: int = 100, restarts: int = 1) -> Search:
        from pyautoattack.autopgd_base import APGDAttack

        check_count("steps", steps, 1)
        check_count("restarts", restarts, 1)

        def search(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
            if loss == "dlr":
                check_classes("apgd_dlr", model(images[:1]).shape[1])
            attack = APGDAttack(
                model,
                n_iter=steps,
                norm=THEIRS[norm],
                n_restarts=restarts,
                eps=eps,
                seed=_seed(),
                loss=loss,
                device=images.device,
            )
            found: Tensor = attack.perturb(images.float(), labels)
            return found

        return search

    return options_to_search


def fab(norm: str) -> Callable[..., Search]:
    """The fast adaptive boundary attack (Croce and Hein 2020b) without a budget."""

    def options_to_search(*, steps: int = 100) -> Search:
        from pyautoattack.fab_pt import FABAttack_PT

        check_count("steps", steps, 1)

        def search(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
            # One run from the image: the library's further restarts leave out what was found once.
            attack = FABAttack_PT(
                model,
                norm=THEIRS[norm],
                n_restarts=1,
                n_iter=steps,
                eps=ANYWHERE,
                seed=_seed(),
                device=images.device,
            )
            found: Tensor = attack.perturb(images.float(), labels)
            return found

        return search

    return options_to_search


def square(norm: str) -> Callable[..., Search]:
    """Square Attack (Andriushchenko et al. 2020): random squares, no gradient."""

    def options_to_search(*, queries: int = 5000, restarts: int = 1) -> Search:
        from pyautoattack.square import SquareAttack

        check_count("queries", queries, 1)
        check_count("restarts", restarts, 1)

        def search(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
            check_squares(images, norm)
            attack = SquareAttack(
                model,
                norm=THEIRS[norm],
                n_queries=queries,
                eps=eps,
                n_restarts=restarts,
                seed=_seed(),
                resc_schedule=False,
                device=images.device,
            )
            found: Tensor = attack.perturb(images.float(), labels)
            return found

        return search

    return options_to_search


def autoattack(norm: str) -> Callable[..., Search]:
    """The standard ensemble: APGD-CE, targeted APGD-DLR, targeted FAB and Square Attack.

    The targeted ones try the nine most likely wrong classes, or all of them if there are fewer.
    With another number of ``queries`` than 5,000 it is not the standard version.
    """

    def options_to_search(*, queries: int = 5000) -> Search:
        from pyautoattack import AutoAttack

        check_count("queries", queries, 1)

        def search(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
            classes = check_classes("autoattack", model(images[:1]).shape[1])
            check_squares(images, norm)
            suite = AutoAttack(
                model, norm=THEIRS[norm], eps=eps, seed=_seed(), device=images.device
            )
            suite.apgd_targeted.n_target_classes = min(9, classes - 1)
            suite.fab.n_target_classes = min(9, classes - 1)
            suite.square.n_queries = queries
            found, _ = suite.run_standard_evaluation(images.float(), labels, batch_size=len(images))
            assert isinstance(found, Tensor)
            return found

        return search

    return options_to_search


def _seed() -> int:
    """A seed for the library, which seeds the global generator anew with it."""
    return int(torch.randint(2**31, ()))


def check_classes(name: str, classes: int) -> int:
    """Return the number of `classes` if the loss of the attack `name` is defined with so many.

    Raises:
        ValueError: there are fewer than :data:`FEWEST` says.
    """
    if classes < FEWEST[name]:
        raise ValueError(
            f"model has {classes} classes; the loss of {name} needs {FEWEST[name]} or more"
        )
    return classes


def check_squares(images: Tensor, norm: str) -> None:
    """Refuse images (n, ...) on which there are no squares, or no first pattern of them.

    Raises:
        ValueError: they are not (n, channels, h, w); in L2 the library's first pattern would leave
            the image.
    """
    if images.ndim != 4:
        raise ValueError(
            f"images have shape {tuple(images.shape)}; for squares it may be (n, channels, h, w)"
        )
    height, width = images.shape[2:]
    if norm == "linf":
        return
    side = height // 5
    if height != width or side == 0 or (side > 1 and height // side > 5):
        raise ValueError(
            f"images are {height} x {width}; for squares in {norm} they may be of equal sides "
            "such as 28, 32, 64 or 224"
        )
