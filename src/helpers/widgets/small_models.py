"""Small cerebella that are trained when a reader asks for them, and kept."""

from dataclasses import dataclass, field

from torch import Tensor

from helpers import cerebellum
from helpers.cerebellum import Cerebellum
from helpers.checks import check_count
from helpers.data import Dataset, as_float


@dataclass
class SmallModels:
    """Cerebella of `m` granule cells, trained on the first `n` images the first time each is used.

    Attributes:
        data: the images.
        m: granule cells.
        n: training images.
        epochs: passes over them, fifty images a step.
        seed: decides J, W and the order of the images.

    Raises:
        ValueError: `m`, `n` or `epochs` is below 1, or `n` exceeds the training images.
    """

    data: Dataset
    m: int = 1000
    n: int = 6000
    epochs: int = 3
    seed: int = 0
    _kept: dict[tuple[int, float | None], Cerebellum] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        check_count("m", self.m, 1)
        check_count("n", self.n, 1, len(self.data.train_images))
        check_count("epochs", self.epochs, 1)
        self.test_images: Tensor = as_float(self.data.test_images)
        self.test_labels: Tensor = self.data.test_labels

    def get(self, k: int, beta: float | None) -> Cerebellum:
        """The model with `k` inputs per cell and LTD of memory `beta`, or none.

        `k` = d is the randomly connected layer with d inputs, not the fully connected one.

        Raises:
            ValueError: `k` is below 1 or above the number of pixels, `beta` is outside [0, 1).
        """
        if (k, beta) not in self._kept:
            images = as_float(self.data.train_images[: self.n])
            model = cerebellum.build(
                d=images[0].numel(),
                m=self.m,
                k=k,
                beta=beta,
                classes=len(self.data.classes),
                seed=self.seed,
            )
            cerebellum.train(
                model,
                images,
                self.data.train_labels[: self.n],
                self.test_images[:500],
                self.test_labels[:500],
                epochs=self.epochs,
                seed=self.seed,
            )
            self._kept[k, beta] = model
        return self._kept[k, beta]
