"""The networks of part II, trained once and kept for every experiment that measures them."""

import hashlib
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from filelock import FileLock, Timeout
from torch import Tensor, nn

from helpers.code import syntax_hashes
from helpers.data import dataset
from helpers.digest import digest_tensors
from helpers.experiments.experiment import Config, Workplace, load_named
from helpers.experiments.neural_similarity.targets import BLUR, target_of
from helpers.files import replacing
from helpers.models import blurred, gray_resnet
from helpers.models.blurred import Blurred
from helpers.models.gray_resnet import GrayResNet
from helpers.neural_similarity import joint, loss, pairs, recipe, target
from helpers.neural_similarity.joint import Epoch, Joint, train_jointly
from helpers.neural_similarity.recipe import JointRecipe
from helpers.neural_similarity.target import Target
from helpers.paths import CACHE
from helpers.tensors import read_tensors
from helpers.training import augmentation

#: The code that a network is made by, as this process has loaded it: with other code, but for
#: comments and docstrings, it is trained anew.
CODE = syntax_hashes(
    augmentation, blurred, dataset, gray_resnet, joint, loss, pairs, recipe, target
)


def recipe_of(config: Config) -> JointRecipe:
    """How the network of `config` is built and trained; what it does not say is the paper's."""
    return JointRecipe(
        depth=config["depth"],
        width=config["width"],
        epochs=config["epochs"],
        alpha=config["alpha"],
        cycles=config["cycles"],
        phases=config["phases"],
    )


def trained(config: Config, work: Workplace) -> Joint:
    """The network that `config` names, trained now or before.

    Raises:
        StandInError: the images, or what the target stands on, are not there.
        ValueError: `config` names no target, no stimuli or no sizes, or there are too few images.
    """
    work.say("target")
    wanted = target_of(config, work.say)
    data = load_named(config["dataset"], work.device)
    images, labels = data.train_images[: config["train"]], data.train_labels[: config["train"]]
    if len(images) < config["train"]:
        raise ValueError(f"train is {config['train']}; {data.name} has {len(images)} images")
    sigma = BLUR if config["target"] == "blur" else 0.0
    name = f"{config['target']}-{_digest(config, wanted, images, labels, sigma)}"
    folder = CACHE / "networks"
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / f"{name}.pt"
    with _alone(folder / f"{name}.lock", work):  # two experiments may ask for the same network
        if not done.exists():
            _train(config, wanted, images, labels, len(data.classes), sigma, done, work)
        return _read(done, config, len(data.classes), sigma, work.device)


@contextmanager
def _alone(path: Path, work: Workplace) -> Iterator[None]:
    """Hold the lock at `path`, and say so where that means to wait."""
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        work.say("another process trains this network; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _train(
    config: Config,
    wanted: Target | None,
    images: Tensor,
    labels: Tensor,
    classes: int,
    sigma: float,
    done: Path,
    work: Workplace,
) -> None:
    """Train a network and keep it as the file `done`."""
    unfinished = done.with_suffix(".unfinished.pt")
    found = train_jointly(
        recipe_of(config),
        images,
        labels,
        target=wanted,
        blur=sigma,
        classes=classes,
        seed=config["seed"],
        checkpoint=unfinished,
        on_epoch=lambda epoch: work.say(_line(epoch)),
    )
    state = {"network": found.model.state_dict(), "epochs": [vars(each) for each in found.epochs]}
    with replacing(done) as fresh:
        torch.save(state, fresh)
    unfinished.unlink()


def _line(epoch: Epoch) -> str:
    apart = "" if math.isnan(epoch.similarity_loss) else f", apart {epoch.similarity_loss:.4f}"
    return f"epoch {epoch.number}: loss {epoch.task_loss:.4f}{apart}"


def _digest(
    config: Config, wanted: Target | None, images: Tensor, labels: Tensor, sigma: float
) -> str:
    """A hash of everything that decides the weights."""
    seen = [images, labels] + ([] if wanted is None else [wanted.stimuli, wanted.similarity])
    machine = (torch.__version__, images.device.type)
    decisive = (recipe_of(config), config["seed"], sigma, CODE, machine, digest_tensors(seen))
    return hashlib.sha256(repr(decisive).encode()).hexdigest()[:16]


def _read(path: Path, config: Config, classes: int, sigma: float, device: torch.device) -> Joint:
    resnet = GrayResNet(config["depth"], width=config["width"], classes=classes)
    network: nn.Module = Blurred(resnet, sigma) if sigma else resnet
    try:
        held = read_tensors(path, device)
        network.load_state_dict(held["network"])
        epochs = tuple(Epoch(**each) for each in held["epochs"])
    except (RuntimeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"{path} cannot be read ({error}); delete it to train anew") from error
    network = network.to(device).to(memory_format=torch.channels_last)
    return Joint(network.eval(), epochs)
