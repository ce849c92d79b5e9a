from pathlib import Path

import pytest
import torch

from helpers.data import Dataset
from helpers.models import squeezenet_features as module
from helpers.models.squeezenet import SqueezeNet, average_maps
from helpers.models.squeezenet_features import squeezenet_features


@pytest.fixture(scope="module")
def network() -> SqueezeNet:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return SqueezeNet().eval()


@pytest.fixture
def data() -> Dataset:
    images = torch.randint(
        256, (6, 1, 8, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
    )
    return Dataset(
        name="made",
        asked="made",
        train_images=images,
        train_labels=torch.tensor([1, 0, 1, 1, 0, 0]),
        test_images=images[:2],
        test_labels=torch.tensor([0, 1]),
        classes=("a", "b"),
        source="a test",
    )


def test_features_of_the_first_of_each_class(
    network: SqueezeNet, data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = squeezenet_features(network, data, train_per_class=1, test_per_class=1, cache=tmp_path)
    assert (found.name, found.classes) == ("made_squeezenet", 2)
    assert found.train_labels.tolist() == [1, 0]
    torch.testing.assert_close(found.train_features, average_maps(network, data.train_images[:2]))
    torch.testing.assert_close(found.test_features, found.train_features)

    def never(*args: object) -> torch.Tensor:
        raise AssertionError("computed again")

    assert list(tmp_path.glob("*.new")) == []
    monkeypatch.setattr(module, "average_maps", never)
    again = squeezenet_features(network, data, train_per_class=1, test_per_class=1, cache=tmp_path)
    assert torch.equal(again.train_features, found.train_features)
    # Other images and other weights are not taken for these.
    with pytest.raises(AssertionError, match="computed again"):
        squeezenet_features(network, data, train_per_class=2, test_per_class=1, cache=tmp_path)
    other = SqueezeNet().eval()
    other.load_state_dict({name: weight + 1 for name, weight in network.state_dict().items()})
    with pytest.raises(AssertionError, match="computed again"):
        squeezenet_features(other, data, train_per_class=1, test_per_class=1, cache=tmp_path)


def test_more_than_there_are(network: SqueezeNet, data: Dataset, tmp_path: Path) -> None:
    for part in ("train", "test"):
        counts = {"train_per_class": 1, "test_per_class": 1, f"{part}_per_class": 4}
        with pytest.raises(ValueError, match=f"{part}_per_class is 4; it may be at most"):
            squeezenet_features(network, data, **counts, cache=tmp_path)
