"""Attacks of foolbox (Rauber et al. 2017, 2020)."""

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from helpers.attacks.norms import per_image
from helpers.attacks.requests import check_options
from helpers.attacks.sandbox import Search
from helpers.attacks.shield import Shield
from helpers.attacks.starts import starting_points
from helpers.checks import check_count, check_positive

#: Options of the libraries that would leave what an attack promises here.
HIDDEN = ("tensorboard", "init_attack", "check_trivial", "update_stats_every_k")

#: How far FMN goes beyond the estimated distance of the decision boundary.
ACROSS = 1.001


def minimal(name: str) -> Callable[..., Search]:
    """Foolbox's attack of the class `name` that looks for a smallest perturbation."""

    def options_to_search(**options: Any) -> Search:
        from foolbox import attacks

        return _minimal(_create(getattr(attacks, name), options))

    return options_to_search


def noise(name: str) -> Callable[..., Search]:
    """Foolbox's repeated noise of the class `name`, of which the first success counts."""

    def options_to_search(**options: Any) -> Search:
        from foolbox import attacks

        return _fixed(_create(getattr(attacks, name), options))

    return options_to_search


def pgd(*, step: float | None = None, steps: int = 40, random_start: bool = True) -> Search:
    """Foolbox's PGD on the cross-entropy in L-infinity, to compare ours with.

    Args:
        step: size of a step, in pixel values; ``2.5 eps / steps`` when not given.
        steps: number of steps.
        random_start: begin at a random point of the ball rather than at the image.
    """
    from foolbox.attacks import LinfPGD

    check_count("steps", steps, 1)
    if step is not None:
        check_positive("step", step)
    sizes = {"rel_stepsize": 2.5 / steps} if step is None else {"abs_stepsize": step}
    return _fixed(LinfPGD(**sizes, steps=steps, random_start=random_start))


ddn = minimal("DDNAttack")
deepfool_l2 = minimal("L2DeepFoolAttack")
deepfool_linf = minimal("LinfDeepFoolAttack")

# Scaled after clipping: on black pixels half of the noise is lost to it.
gaussian_noise_l2 = noise("L2ClippingAwareRepeatedAdditiveGaussianNoiseAttack")
uniform_noise_l2 = noise("L2ClippingAwareRepeatedAdditiveUniformNoiseAttack")


def carlini_wagner(**options: Any) -> Search:
    """Foolbox's C&W attack; where it fails it answers with a black image, which is not its find."""
    search = minimal("L2CarliniWagnerAttack")(**options)

    def without_black(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
        found = search(model, images, labels, eps)
        return torch.where(per_image((found == 0).flatten(1).all(1), images), images, found)

    return without_black


def boundary(**options: Any) -> Search:
    """Foolbox's boundary attack from our starting points."""
    from foolbox.attacks import BoundaryAttack

    attack = _create(BoundaryAttack, options)

    def search(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
        x, has = starting_points(model, images, labels)
        if has.any():
            x[has] = attack.run(
                wrapped(model), images[has], misclassified(labels[has]), starting_points=x[has]
            )
        return x

    return search


def fast_minimum_norm(norm: str) -> Callable[..., Search]:
    """Foolbox's FMN attack in `norm`, with its projections corrected.

    In foolbox 3.3.4 the one in L2 multiplies by ``norms / norms`` and so does nothing, and the one
    in L0 keeps one pixel too many and stops with an IndexError when all of them may change. Until a
    first adversarial image is found, the radius is the estimated distance to the boundary: where
    that curves away, the attack comes ever closer and never across. So the balls are a little
    larger here.
    """

    def options_to_search(**options: Any) -> Search:
        import eagerpy as ep
        from foolbox import attacks
        from foolbox.devutils import atleast_kd, flatten

        class L0(attacks.L0FMNAttack):
            def project(self, x: ep.Tensor, x0: ep.Tensor, epsilon: ep.Tensor) -> ep.Tensor:
                change = flatten(x - x0)
                rank = ep.argsort(ep.argsort(-abs(change), axis=-1), axis=-1)
                kept = ep.where(rank < epsilon.expand_dims(1), change, 0)
                return x0 + kept.reshape(x0.shape)

        class L1(attacks.L1FMNAttack):
            def project(self, x: ep.Tensor, x0: ep.Tensor, epsilon: ep.Tensor) -> ep.Tensor:
                return super().project(x, x0, epsilon * ACROSS)

        class L2(attacks.L2FMNAttack):
            def project(self, x: ep.Tensor, x0: ep.Tensor, epsilon: ep.Tensor) -> ep.Tensor:
                length = ep.maximum(flatten(x - x0).norms.l2(axis=-1), 1e-12)
                factor = ep.minimum(1, epsilon * ACROSS / length)
                return x0 + (x - x0) * atleast_kd(factor, x.ndim)

        class Linf(attacks.LInfFMNAttack):
            def project(self, x: ep.Tensor, x0: ep.Tensor, epsilon: ep.Tensor) -> ep.Tensor:
                return super().project(x, x0, epsilon * ACROSS)

        return _minimal(_create({"l0": L0, "l1": L1, "l2": L2, "linf": Linf}[norm], options))

    return options_to_search


def uniform_noise_linf(**options: Any) -> Search:
    """Foolbox's uniform noise in L-infinity, scaled by the largest change, not the largest value.

    Foolbox 3.3.4 divides by the largest signed number. It then judges perturbations that are larger
    than the budget and clips them only afterwards, when they no longer succeed.
    """
    import eagerpy as ep
    from foolbox import attacks
    from foolbox.devutils import atleast_kd, flatten

    class Noise(attacks.LinfRepeatedAdditiveUniformNoiseAttack):
        def get_epsilons(
            self, x: ep.Tensor, p: ep.Tensor, epsilon: float, min_: float, max_: float
        ) -> ep.Tensor:
            return epsilon / atleast_kd(flatten(p).abs().max(axis=-1), p.ndim)

    return _fixed(_create(Noise, options))


def _create(kind: type, options: dict[str, Any]) -> Any:
    """An attack of the class `kind` with those of its options that are for users."""
    known = [name for name in inspect.signature(kind).parameters if name not in HIDDEN]
    check_options(kind.__name__, options, known)
    return kind(**options)


def _minimal(attack: Any) -> Search:
    def search(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
        found: Tensor = attack.run(wrapped(model), images, misclassified(labels))
        return found

    return search


def _fixed(attack: Any) -> Search:
    def search(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
        found: Tensor = attack.run(wrapped(model), images, misclassified(labels), epsilon=eps)
        return found

    return search


def wrapped(model: Shield) -> Any:
    """The model in foolbox's form."""
    from foolbox import PyTorchModel

    return PyTorchModel(model, bounds=(0, 1), device=model.place.device)


def misclassified(labels: Tensor) -> Any:
    """Foolbox's criterion: any class but the label."""
    from eagerpy import astensor
    from foolbox.criteria import Misclassification

    return Misclassification(astensor(labels))
