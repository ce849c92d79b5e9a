"""The table of all attacks: adding one is adding a row."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from torch import Tensor

from helpers.attacks import from_foolbox as foolbox
from helpers.attacks import from_pyautoattack as pyautoattack
from helpers.attacks import from_torchattacks as torchattacks
from helpers.attacks.brendel_bethge import brendel_bethge
from helpers.attacks.fgsm import fgsm
from helpers.attacks.norms import Norm
from helpers.attacks.own import own
from helpers.attacks.pgd import pgd
from helpers.attacks.pgd_adam import pgd_adam
from helpers.attacks.requests import check_budget, check_model, check_options
from helpers.attacks.result import AttackResult, Model
from helpers.attacks.sandbox import Search, run_fixed, run_minimal
from helpers.checks import check_choice, check_count


@dataclass(frozen=True)
class Attack:
    """One attack, to be called like every other.

    Attributes:
        name: how settings and records call it.
        norm: how it measures a perturbation.
        kind: "fixed" works within a budget `eps`; "minimal" looks for the smallest perturbation.
        needs_gradient: whether the model has to be differentiable.
        paper: its source, a key of ``book/references.bib``.
        search: makes the attack from its options.
    """

    name: str
    norm: Norm
    kind: Literal["fixed", "minimal"]
    needs_gradient: bool
    paper: str
    search: Callable[..., Search]

    def __call__(
        self,
        model: Model,
        images: Tensor,
        labels: Tensor,
        eps: float | None = None,
        *,
        seed: int = 0,
        **options: Any,
    ) -> AttackResult:
        """Attack a batch, untargeted; the same request gives the same answer.

        The model's parameters, buffers, gradients and mode, the images and the global random
        numbers are left as they were. An attack with a budget ends in its ball, whether it succeeds
        or not. For a minimal attack an image that is misclassified from the start is a success of
        size 0, and one whose search fails keeps its pixels and has the size infinity.

        Args:
            model: maps images to scores; an ``nn.Module`` has to be in evaluation mode.
            images: (n, ...) in [0, 1], on any device.
            labels: (n,) true classes.
            eps: radius of the ball in `norm`, in pixel values; None for a minimal attack.
            seed: decides all random numbers, together with the batch.
            options: the attack's own settings, named as its library names them.

        Returns:
            images (n, ...), sizes (n,) in the attack's norm, success (n,).

        Raises:
            ValueError: see :func:`helpers.attacks.check_request`; `eps` is missing, negative, NaN
                or infinite, or given to a minimal attack; an option is unknown or out of range; the
                model gives no gradient though one is needed, or a score or gradient that is no
                finite number; the model has too few classes or the images no shape for it.
        """
        check_budget(self.name, self.kind, eps)
        check_count("seed", seed, 0)
        parameters = inspect.signature(self.search).parameters.values()
        if not any(each.kind is each.VAR_KEYWORD for each in parameters):
            check_options(self.name, options, (each.name for each in parameters))
        search = self.search(**options)
        check_model(model, images, labels, needs_gradient=self.needs_gradient)
        if eps is None:
            return run_minimal(search, model, images, labels, self.norm, seed)
        return run_fixed(search, model, images, labels, eps, self.norm, seed)


_ROWS = (
    # Within a budget.
    Attack("fgsm", "linf", "fixed", True, "goodfellow2014", own(fgsm)),
    Attack("pgd", "linf", "fixed", True, "madry2017", own(pgd)),
    Attack("pgd_adam_linf", "linf", "fixed", True, "uesato2018", own(pgd_adam, norm="linf")),
    Attack("pgd_adam_l2", "l2", "fixed", True, "uesato2018", own(pgd_adam, norm="l2")),
    Attack("foolbox_pgd", "linf", "fixed", True, "madry2017", foolbox.pgd),
    Attack("torchattacks_pgd", "linf", "fixed", True, "madry2017", torchattacks.pgd),
    Attack("gaussian_noise_l2", "l2", "fixed", False, "rauber2020", foolbox.gaussian_noise_l2),
    Attack("uniform_noise_l2", "l2", "fixed", False, "rauber2020", foolbox.uniform_noise_l2),
    Attack("uniform_noise_linf", "linf", "fixed", False, "rauber2020", foolbox.uniform_noise_linf),
    Attack("apgd_ce_linf", "linf", "fixed", True, "croce2020", pyautoattack.apgd("ce", "linf")),
    Attack("apgd_ce_l2", "l2", "fixed", True, "croce2020", pyautoattack.apgd("ce", "l2")),
    Attack("apgd_dlr_linf", "linf", "fixed", True, "croce2020", pyautoattack.apgd("dlr", "linf")),
    Attack("apgd_dlr_l2", "l2", "fixed", True, "croce2020", pyautoattack.apgd("dlr", "l2")),
    Attack(
        "square_linf", "linf", "fixed", False, "andriushchenko2020", pyautoattack.square("linf")
    ),
    Attack("square_l2", "l2", "fixed", False, "andriushchenko2020", pyautoattack.square("l2")),
    Attack("autoattack_linf", "linf", "fixed", True, "croce2020", pyautoattack.autoattack("linf")),
    Attack("autoattack_l2", "l2", "fixed", True, "croce2020", pyautoattack.autoattack("l2")),
    # The smallest perturbation.
    Attack("jsma_l0", "l0", "minimal", True, "papernot2016limitations", torchattacks.jsma),
    Attack("sparsefool_l0", "l0", "minimal", True, "modas2019", torchattacks.sparsefool),
    Attack("fmn_l0", "l0", "minimal", True, "pintor2021", foolbox.fast_minimum_norm("l0")),
    Attack("fmn_l1", "l1", "minimal", True, "pintor2021", foolbox.fast_minimum_norm("l1")),
    Attack("fmn_l2", "l2", "minimal", True, "pintor2021", foolbox.fast_minimum_norm("l2")),
    Attack("fmn_linf", "linf", "minimal", True, "pintor2021", foolbox.fast_minimum_norm("linf")),
    Attack("brendel_bethge_l0", "l0", "minimal", True, "brendel2019", brendel_bethge("l0")),
    Attack("brendel_bethge_l1", "l1", "minimal", True, "brendel2019", brendel_bethge("l1")),
    Attack("brendel_bethge_l2", "l2", "minimal", True, "brendel2019", brendel_bethge("l2")),
    Attack("brendel_bethge_linf", "linf", "minimal", True, "brendel2019", brendel_bethge("linf")),
    Attack("fab_l1", "l1", "minimal", True, "croce2020fab", pyautoattack.fab("l1")),
    Attack("fab_l2", "l2", "minimal", True, "croce2020fab", pyautoattack.fab("l2")),
    Attack("fab_linf", "linf", "minimal", True, "croce2020fab", pyautoattack.fab("linf")),
    Attack("cw_l2", "l2", "minimal", True, "carlini2017", foolbox.carlini_wagner),
    Attack("ddn_l2", "l2", "minimal", True, "rony2019", foolbox.ddn),
    Attack("deepfool_l2", "l2", "minimal", True, "moosavidezfooli2016", foolbox.deepfool_l2),
    Attack("deepfool_linf", "linf", "minimal", True, "moosavidezfooli2016", foolbox.deepfool_linf),
    Attack("boundary_l2", "l2", "minimal", False, "brendel2018", foolbox.boundary),
)

#: Every attack by its name.
ATTACKS: dict[str, Attack] = {attack.name: attack for attack in _ROWS}


def named_attack(name: str) -> Attack:
    """The attack called `name`.

    Raises:
        ValueError: there is none of that name.
    """
    return ATTACKS[check_choice("attack", name, tuple(ATTACKS))]
