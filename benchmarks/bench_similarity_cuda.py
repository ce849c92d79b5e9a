"""A training of part II at the paper's scale on a GPU, in seconds, from one of its epochs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bench_similarity import data
from benchmarks.harness import settled, share
from helpers.neural_similarity.joint import train_jointly
from helpers.neural_similarity.recipe import JointRecipe
from helpers.records.benchmark import Row

EPOCHS, IMAGES, STIMULI, SHOWN = JointRecipe().epochs, 50_000, 5_000, (36, 64)
#: Two epochs, of which the first does not count. At so low a rate no loss explodes on noise, and a
#: step costs the same.
RECIPE = JointRecipe(epochs=2, learning_rate=1e-4)
#: Seconds that a training may take.
LIMIT = 360.0
SETTING = (
    f"ResNet-18 of width 64, {EPOCHS} epochs of 50,000 images of 32x32; 64 images and 32 pairs of "
    "36x64 in a step"
)
DEVICE = "cuda"


def rows() -> Iterator[Row]:
    """The time of a whole training."""
    yield training()


def training(*, device: str = DEVICE, clock: Callable[[], float] = settled) -> Row:
    """Seconds for all epochs of a training: so many times the second, with its checkpoint."""
    images, labels, target = data(IMAGES, stimuli=STIMULI, shown=SHOWN)
    ends: list[float] = []
    with TemporaryDirectory() as folder:
        train_jointly(
            RECIPE,
            images.to(device),
            labels.to(device),
            target=target,
            checkpoint=Path(folder) / "training.pt",
            on_epoch=lambda epoch: ends.append(clock()),
        )
    first, second = ends
    return share("training with pairs", EPOCHS * (second - first), LIMIT)
