"""How a network learns to classify and to find images alike as something else does."""

from dataclasses import dataclass

from helpers.checks import check_count, check_fraction, check_positive


@dataclass(frozen=True, kw_only=True)
class JointRecipe:
    """A network and its training; the defaults are those of Li et al. (2019).

    What they leave out is as their successor's published code has it (Attias et al. 2024): the
    number of pairs is theirs by "the same number of images", validation images are a hundredth.

    Attributes:
        depth, width: of :class:`helpers.models.gray_resnet.GrayResNet`.
        epochs: passes over the training images.
        batch: images to classify in a step.
        pairs: pairs of stimuli to compare in a step.
        alpha: weight of the similarity loss, equation 7.
        learning_rate: at the start of each cycle.
        momentum: of stochastic gradient descent, without weight decay.
        cycles: equal parts of the training, each of which starts at `learning_rate`.
        phases: equal parts of a cycle; the learning rate is constant in each.
        decay: what the learning rate is multiplied by from phase to phase.
        validation: part of the training images that is held out; the epoch whose weights have the
            lowest cross-entropy on them is kept.
        half_precision: the network computes in bfloat16 (torch's autocast), weights, statistics of
            batch normalisation and both losses stay in float32.
    """

    depth: int = 18
    width: int = 64
    epochs: int = 40
    batch: int = 64
    pairs: int = 32
    alpha: float = 20.0
    learning_rate: float = 0.1
    momentum: float = 0.9
    cycles: int = 2
    phases: int = 5
    decay: float = 0.3
    validation: float = 0.01
    half_precision: bool = True

    def __post_init__(self) -> None:
        for name in ("width", "epochs", "batch", "cycles", "phases"):
            check_count(name, getattr(self, name), 1)
        check_count("pairs", self.pairs, 2)
        for name in ("learning_rate", "decay"):
            check_positive(name, getattr(self, name))
        for name in ("momentum", "validation"):
            check_fraction(name, getattr(self, name))
        if not 0 <= self.alpha < float("inf"):
            raise ValueError(f"alpha is {self.alpha}; it may be a finite number from 0")

    def rate(self, step: int, steps: int) -> float:
        """The learning rate of step `step` of `steps`.

        At the paper's 40 epochs: .3 times less every 4 epochs, and again from the start after 20.

        Raises:
            ValueError: `step` is not from 0 to `steps` - 1.
        """
        check_count("step", step, 0, check_count("steps", steps, 1) - 1)
        # In whole numbers: a fraction of steps would round a phase too early or too late.
        phase = step * self.cycles * self.phases // steps % self.phases
        return self.learning_rate * self.decay**phase
