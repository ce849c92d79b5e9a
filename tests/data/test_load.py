import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from helpers.data import NAMES, load

Lay = Callable[[str, dict[str, bytes]], Path]
STAND_INS = {
    "mnist": ("digits", "brains data mnist"),
    "cifar10": ("photographs", "brains data cifar10"),
    "cifar10_gray": ("photographs_gray", "brains data cifar10"),
    "cifar100_gray": ("photographs_gray", "brains data cifar100"),
}


def test_every_set_but_the_digits_has_a_stand_in() -> None:
    assert set(NAMES) == {"digits", *STAND_INS}


@pytest.mark.parametrize("name", STAND_INS)
def test_a_missing_set_is_replaced_with_a_note(name: str, caplog: pytest.LogCaptureFixture) -> None:
    stand_in, command = STAND_INS[name]
    data = load(name)
    assert (data.name, data.asked, data.stand_in) == (stand_in, name, True)
    assert data.note is not None
    assert f"`{command}` brings the real images" in data.note
    assert data.note in repr(data)
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("helpers.data", logging.WARNING)
    assert data.note in record.message


def test_smoke_takes_embedded_data_though_real_data_are_there(
    lay: Lay, tiny_mnist: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    lay("MNIST/raw", tiny_mnist)
    assert load("mnist").name == "mnist"
    assert load("mnist", profile="smoke").name == "digits"
    monkeypatch.setenv("BORROWED_BRAINS_PROFILE", "smoke")
    data = load("mnist")
    assert data.name == "digits"
    assert data.note is not None
    assert "smoke profile always uses embedded data" in data.note
    assert load("mnist", profile="paper").name == "mnist"


@pytest.mark.parametrize("profile", ["smoke", "laptop"])
def test_digits_asked_for_are_no_stand_in(
    profile: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("BORROWED_BRAINS_PROFILE", profile)
    data = load("digits")
    assert (data.name, data.asked, data.note) == ("digits", "digits", None)
    assert not caplog.records


def test_default_folder_is_searched(
    data: Path, lay: Lay, tiny_mnist: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    lay("MNIST/raw", tiny_mnist)
    monkeypatch.delenv("BORROWED_BRAINS_DATA")
    assert load("mnist").stand_in
    monkeypatch.setattr("helpers.data.folder.DEFAULT", data)
    assert not load("mnist").stand_in


def test_larger_sets_are_never_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("a download was tried")

    monkeypatch.setenv("BORROWED_BRAINS_OFFLINE", "0")
    monkeypatch.setattr("urllib.request.urlopen", refuse)
    for name in ("cifar10", "cifar10_gray", "cifar100_gray"):
        assert load(name).stand_in


@pytest.mark.parametrize("name", ["mnist", "digits"])
@pytest.mark.parametrize("profile", ["smoke", "laptop"])
def test_a_variable_that_names_no_folder_is_always_an_error(
    name: str, profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BORROWED_BRAINS_PROFILE", profile)
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(ValueError, match=r"BORROWED_BRAINS_DATA is .*nowhere"):
        load(name)


def test_unknown_name() -> None:
    with pytest.raises(ValueError, match="name is 'imagenet'; it may be one of digits, mnist, cif"):
        load("imagenet")


def test_unknown_profile() -> None:
    with pytest.raises(ValueError, match="profile is 'quick'"):
        load("digits", profile="quick")  # type: ignore[arg-type]


@pytest.mark.parametrize("device", ["gpu", "cpu:-2", "xpu:77"])
def test_unknown_device(device: str) -> None:
    with pytest.raises(ValueError, match=f"device is '{device}'"):
        load("digits", device=device)


@pytest.mark.parametrize("name", NAMES)
def test_tensors_are_on_the_asked_device(name: str) -> None:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    data = load(name, device=device, profile="smoke")
    for part in (data.train_images, data.train_labels, data.test_images, data.test_labels):
        assert part.device.type == device.type
        assert part.is_contiguous()
    assert data.train_images.dtype == data.test_images.dtype == torch.uint8
    assert len(data.train_images) == len(data.train_labels)
    assert len(data.classes) == data.train_labels.max() + 1
