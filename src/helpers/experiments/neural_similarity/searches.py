"""Which attacks look for the smallest perturbations of part II's networks, with what settings."""

from dataclasses import dataclass

from helpers.attacks import NORMS
from helpers.checks import check_choice
from helpers.evaluation.minimal import Try
from helpers.experiments.experiment import Config

#: Radii for attacks that work in a ball: each a fifth above the one before, from .0004 to .03.
LADDER = tuple(round(0.0004 * 1.2**rung, 6) for rung in range(25))
#: Steps after which the decline of figure 5 is looked at.
QUERIES = (10, 30, 100)


@dataclass(frozen=True)
class Searches:
    """The settings with which each attack runs; of all that it finds the smallest counts.

    Attributes:
        iterations: numbers of steps of the attacks that work in a ball.
        step_sizes: their steps, in pixel values; without any one step of 2.5 radii over the number
            of steps.
        trust_regions: of the attacks that follow the boundary, as their ``lr``; without any their
            default.
        repetitions: for figure 7, runs of each with other random numbers.
    """

    iterations: tuple[int, ...] = (40,)
    step_sizes: tuple[float, ...] = ()
    trust_regions: tuple[float, ...] = ()
    repetitions: int = 1

    def figure_5(self, norm: str) -> tuple[Try, ...]:
        """The paper's attack for `norm`, and newer searches for the same norm.

        Raises:
            ValueError: `norm` is neither "linf" nor "l2".
        """
        if check_choice("norm", norm, ("linf", "l2")) == "linf":
            return (*self.in_balls("pgd"), Try("fmn_linf", options={"steps": 100}))
        return (
            *self.along_the_boundary("l2", 100),
            Try("ddn_l2", options={"steps": 100}),
            Try("fmn_l2", options={"steps": 100}),
        )

    def decline(self, norm: str, steps: int) -> tuple[Try, ...]:
        """The paper's attack for `norm` with so many steps.

        Raises:
            ValueError: `norm` is neither "linf" nor "l2".
        """
        if check_choice("norm", norm, ("linf", "l2")) == "linf":
            return self.in_balls("pgd", iterations=(steps,), radii=LADDER[::2])
        return self.along_the_boundary("l2", steps)

    def carlini_wagner(self) -> tuple[Try, ...]:
        """The attack that the paper's own is compared with (Carlini and Wagner 2017)."""
        options = {"steps": 100, "binary_search_steps": 5, "stepsize": 0.01}
        return (Try("cw_l2", options=options),)

    def figure_7(self) -> tuple[Try, ...]:
        """The seven attacks of the supplement; of those in a ball every third radius."""
        return (
            *self.in_balls("pgd", radii=LADDER[::3]),
            *self.in_balls("pgd_adam_linf", radii=LADDER[::3]),
            *self.carlini_wagner(),
            Try("ddn_l2", options={"steps": 100}),
            Try("jsma_l0", options={"theta": 1.0, "gamma": 0.1}),
            Try("sparsefool_l0"),
            *(each for norm in NORMS for each in self.along_the_boundary(norm, 100)),
        )

    def in_balls(
        self,
        attack: str,
        *,
        iterations: tuple[int, ...] | None = None,
        radii: tuple[float, ...] = LADDER,
    ) -> tuple[Try, ...]:
        """An attack in balls of growing radius.

        Steps that are too short to cross the ball, or longer than it is wide, are left out: the
        first do not get there, the second all come to the same.
        """
        found = []
        for eps in radii:
            for steps in self.iterations if iterations is None else iterations:
                common = {"steps": steps, "loss": "cross_entropy"}
                found += [
                    Try(attack, eps, common | ({} if step is None else {"step": step}))
                    for step in self.step_sizes or (None,)
                    if step is None or eps / steps <= step <= 2 * eps
                ]
        return tuple(found)

    def along_the_boundary(self, norm: str, steps: int) -> tuple[Try, ...]:
        """The attack of Brendel et al. (2019), which follows the boundary of the answer."""
        name = f"brendel_bethge_{norm}"
        if not self.trust_regions:
            return (Try(name, options={"steps": steps}),)
        return tuple(Try(name, options={"steps": steps, "lr": lr}) for lr in self.trust_regions)


#: What two cores can do: one setting of each attack, and more radii in place of more settings.
SCALED_SEARCHES = Searches()
#: The paper's (section 4.2), whose list of step sizes for the boundary has .03 twice; its
#: supplement runs each five times.
PAPER_SEARCHES = Searches(
    iterations=(10, 30, 50, 100, 200),
    step_sizes=(1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0),
    trust_regions=(0.0003, 0.001, 0.003, 0.01, 0.03, 0.1),
    repetitions=5,
)


def searches_of(config: Config) -> Searches:
    """The paper's for a network of its width, those for two cores for a narrower one."""
    return PAPER_SEARCHES if config["width"] == 64 else SCALED_SEARCHES
