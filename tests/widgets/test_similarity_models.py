import numpy as np
import pytest
import torch

from helpers.data import DataError
from helpers.models.gray_resnet import GrayResNet
from helpers.neural_similarity.joint import Epoch, Joint
from helpers.widgets.similarity_models import TARGETS, place_of, read_network, write_network


@pytest.fixture
def joint():
    torch.manual_seed(0)
    epochs = [
        Epoch(n, 1.0, 0.5, loss, (0.1, 0.3, 0.2, 0.2, 0.2)) for n, loss in ((1, 2.0), (2, 1.0))
    ]
    return Joint(GrayResNet(18, width=16).eval(), tuple(epochs))


def test_a_file_comes_back(joint, tmp_path):
    write_network(joint, tmp_path / "a.npz")
    found = read_network("none", tmp_path / "a.npz")
    images = torch.rand(3, 1, 32, 32)
    assert not found.network.training
    assert found.gamma == pytest.approx(joint.kept.gamma)
    torch.testing.assert_close(found.network(images), joint.model(images), atol=0.02, rtol=0.02)


def test_weights_that_half_floats_cannot_hold(joint, tmp_path):
    joint.model.scores.bias.data[3] = 1e5
    with pytest.raises(ValueError, match=r"scores\.bias reaches 100000; half floats end"):
        write_network(joint, tmp_path / "a.npz")
    assert not (tmp_path / "a.npz").exists()


def rewritten(path, **change):
    with np.load(path) as held:
        arrays = {**held, **change}
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"gamma": np.ones(3)}, "finite weights and five of layers"),
        ({"gamma": None}, "finite weights and five of layers"),
        ({"scores.bias": np.full(10, np.nan, np.float16)}, "finite weights"),
        ({"scores.bias": np.ones(7, np.float16)}, "holds another network"),
        ({"scores.bias": None}, "holds another network"),
    ],
)
def test_files_that_cannot_be_used(joint, tmp_path, change, text):
    write_network(joint, tmp_path / "a.npz")
    with pytest.raises(DataError, match=text):
        read_network("none", rewritten(tmp_path / "a.npz", **change))


def test_what_is_not_there(tmp_path):
    with pytest.raises(DataError, match=r"is missing; `python -m helpers\.widgets none` makes it"):
        read_network("none", tmp_path / "nothing.npz")
    with pytest.raises(ValueError, match="target is 'pixels'; it may be one of none, neural_model"):
        place_of("pixels")
    with pytest.raises(ValueError, match="target is 'pixels'"):
        read_network("pixels", tmp_path / "nothing.npz")


@pytest.mark.parametrize("target", TARGETS)
def test_the_networks_of_the_book_are_there(target):
    assert sum(read_network(target).gamma) == pytest.approx(1, abs=1e-3)
