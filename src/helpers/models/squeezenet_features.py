"""SqueezeNet's features of small gray images, in place of ResNet-50's of birds.

The original's second task stands on 11,788 photographs of birds, a download of about a gigabyte.
CIFAR-100 in gray takes their place by name: one hundred classes, and other images, another network
and fewer features than the original's.
"""

from functools import partial
from pathlib import Path

from helpers.code import syntax_hashes
from helpers.data.cached import cached
from helpers.data.dataset import Dataset
from helpers.data.features import Features, first_of_each
from helpers.models import squeezenet
from helpers.models.squeezenet import SqueezeNet, average_maps

CODE = syntax_hashes(squeezenet)


def squeezenet_features(
    network: SqueezeNet, data: Dataset, *, train_per_class: int, test_per_class: int, cache: Path
) -> Features:
    """Features (n, 512) of the first images of each class of `data`, kept in `cache`.

    Fewer images than the set has: at about .7 billion products an image the whole of CIFAR-100
    would take a processor core most of an hour.

    Args:
        network: with its weights.
        data: a set of images.
        train_per_class, test_per_class: images of each class.
        cache: a folder for the features; the name of their file is a hash of the images, the
            weights and the code that made them.

    Raises:
        ValueError: a class has fewer images than are asked for.
    """
    made = {}
    for part, images, labels, count in (
        ("train", data.train_images, data.train_labels, train_per_class),
        ("test", data.test_images, data.test_labels, test_per_class),
    ):
        rows = first_of_each(labels, len(data.classes), count, name=f"{part}_per_class")
        chosen = images[rows]
        parts = (*CODE, chosen, *network.state_dict().values())
        features = cached(cache, "squeezenet", parts, partial(average_maps, network, chosen))
        made[part] = (features.to(images.device), labels[rows])
    return Features(
        name=f"{data.name}_squeezenet",
        train_features=made["train"][0],
        train_labels=made["train"][1],
        test_features=made["test"][0],
        test_labels=made["test"][1],
        classes=len(data.classes),
    )
