import hashlib
import re

import pytest
import torch

from helpers.data import DataError
from helpers.models import fetch
from helpers.models.fetch import SQUEEZENET, VGG19, fetch_squeezenet, fetch_vgg19
from helpers.models.squeezenet import FILE as SQUEEZENET_FILE
from helpers.models.squeezenet import read_squeezenet
from helpers.models.squeezenet_compressed import digest_of, layers
from helpers.models.vgg19 import FILE as VGG19_FILE
from helpers.models.vgg19 import SHA256_BEGINS


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """Locks of this test's own, and the data folder there."""
    (tmp_path / "data").mkdir()
    monkeypatch.setattr("helpers.data.download.CACHE", tmp_path / "cache")


def begins(raw):
    return hashlib.sha256(raw).hexdigest()[:8]


def test_vgg19_comes_once_and_is_checked(offered, tmp_path):
    folder, address = offered
    (folder / "vgg.pth").write_bytes(b"weights")
    wanted = {"address": f"{address}/vgg.pth", "sha256_begins": begins(b"weights")}
    assert fetch_vgg19(**wanted) == tmp_path / "data"
    path = tmp_path / "data" / VGG19_FILE
    assert path.read_bytes() == b"weights"
    (folder / "vgg.pth").unlink()
    fetch_vgg19(**wanted)  # nothing is asked for again
    path.write_bytes(b"others")
    with pytest.raises(DataError, match="delete it and run `brains data vgg19`"):
        fetch_vgg19(**wanted)


def test_another_vgg19_is_refused(offered, tmp_path):
    folder, address = offered
    (folder / "vgg.pth").write_bytes(b"weights")
    with pytest.raises(DataError, match=r"vgg19-dcbb9e9d\.pth could not be brought \(invalid hash"):
        fetch_vgg19(f"{address}/vgg.pth", sha256_begins=begins(b"something else"))
    with pytest.raises(DataError, match=r"could not be brought .* check the network"):
        fetch_vgg19(f"{address}/none.pth")
    assert not list((tmp_path / "data" / "pretrained").iterdir())


def test_torchvisions_address_and_the_digits_in_it():
    assert re.fullmatch(rf"https://\S+/vgg19-{SHA256_BEGINS}\.pth", VGG19)
    assert VGG19_FILE.name == VGG19.rpartition("/")[2]


def arrays(seed):
    generator, held = torch.Generator().manual_seed(seed), {}
    for name, shape in layers().items():
        held[f"{name}.weight"] = torch.randn(shape, generator=generator).numpy()
        held[f"{name}.bias"] = torch.randn(shape[0], generator=generator).numpy()
    return held


def test_squeezenet_is_unpacked_and_compared_before_it_is_kept(offered, tmp_path, monkeypatch):
    folder, address = offered
    (folder / "squeezenet.net").write_bytes(b"1")
    monkeypatch.setattr(fetch, "decompressed", lambda raw: arrays(int(raw)))
    place = f"{address}/squeezenet.net"
    with pytest.raises(DataError, match=r"SHA-256 is .* should be .*; nothing was kept"):
        fetch_squeezenet(place)
    assert not (tmp_path / "data" / SQUEEZENET_FILE).exists()
    assert fetch_squeezenet(place, sha256=digest_of(arrays(1))) == tmp_path / "data"
    network = read_squeezenet(tmp_path / "data")
    wanted = torch.from_numpy(arrays(1)["fire9__conv3x3_2.bias"])
    assert torch.equal(network.fires["9"].expand3.bias.data, wanted)
    (folder / "squeezenet.net").unlink()
    fetch_squeezenet(place)  # nothing is asked for again


def test_a_squeezenet_that_is_there_and_cannot_be_used(offered, tmp_path):
    path = tmp_path / "data" / SQUEEZENET_FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(b"torn")
    with pytest.raises(DataError, match=r"cannot be read as a \.npz file"):
        fetch_squeezenet(f"{offered[1]}/none")
    path.unlink()
    with pytest.raises(DataError, match=r"compressed_SqueezeNet\.net could not be brought"):
        fetch_squeezenet(f"{offered[1]}/none")


def test_squeezenets_address_is_pinned():
    assert any(re.fullmatch(r"[0-9a-f]{40}", part) for part in SQUEEZENET.split("/"))
