import shutil
import zipfile
from io import BytesIO

import numpy as np
import pytest
import torch

from helpers.data import DataError
from helpers.data.recordings import (
    Population,
    read_sensorium,
    simulate,
    write_sensorium,
)
from helpers.data.recordings.packed import opened


@pytest.fixture(scope="module")
def recording():
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (9, 1, 36, 64), generator=generator, dtype=torch.uint8)
    return simulate(images, Population(neurons=5), repeats=2, repeated=3, validation=0.2)


@pytest.fixture
def scan(recording, tmp_path):
    return write_sensorium(recording, tmp_path)


def zipped(scan):
    path = scan.parent / "static1-2-3-GrayImageNet-x.zip"
    with zipfile.ZipFile(path, "w") as file:
        for each in sorted(scan.rglob("*.npy")):
            file.write(each, each.relative_to(scan.parent).as_posix())
    return path


@pytest.mark.parametrize("pack", [lambda scan: scan, zipped])
def test_what_is_written_is_read(recording, scan, pack):
    found = read_sensorium(pack(scan))
    # Images are numbered in the order in which they are shown.
    assert torch.equal(found.images[found.shown], recording.images[recording.shown])
    for name in ("responses", "behaviour", "pupil", "positions"):
        torch.testing.assert_close(getattr(found, name), getattr(recording, name))
    assert found.tier == recording.tier
    assert len(found.images) == 9


def test_large_images_are_scaled(recording, scan):
    for trial, image in enumerate(recording.shown.tolist()):
        np.save(scan / "data" / "images" / f"{trial}.npy", np.full((1, 144, 256), 100.0 + image))
    found = read_sensorium(scan)
    assert found.images.shape == (9, 1, 36, 64)
    assert torch.equal(found.images[found.shown, 0, 5, 5], (100 + recording.shown).byte())


def test_trials_of_tier_none_are_left_out_and_withheld_responses_stay_zeros(recording, scan):
    tiers = np.array(recording.tier).astype("U12")
    tiers[0], tiers[1] = "none", "final_test"
    np.save(scan / "meta" / "trials" / "tiers.npy", tiers)
    np.save(scan / "data" / "responses" / "0.npy", np.full(5, np.nan))  # is not read
    np.save(scan / "data" / "responses" / "1.npy", np.zeros(5))
    found = read_sensorium(scan)
    assert len(found.tier) == len(recording.tier) - 1
    assert found.tier[0] == "test"
    assert found.responses[0].tolist() == [0.0] * 5
    assert torch.equal(found.responses[1:], recording.responses[2:])


def repeats(recording):
    """Two trials that show the same image."""
    trials = (recording.shown == recording.oracle()[0][0]).nonzero()[:, 0]
    return trials[:2].tolist()


def test_images_of_repeats_are_read_too(recording, scan):
    first, second = repeats(recording)
    place = scan / "data" / "images" / f"{second}.npy"
    np.save(place, np.array([{}]))
    with pytest.raises(DataError, match=rf"images/{second}\.npy cannot be read as a plain array"):
        read_sensorium(scan)
    image = np.load(scan / "data" / "images" / f"{first}.npy")
    image[0, 5, 5] = 255 - image[0, 5, 5]
    np.save(place, image)
    with pytest.raises(DataError, match=rf"images/{second}\.npy differs from .*/{first}\.npy and"):
        read_sensorium(scan)


def save(name, array):
    return lambda scan: np.save(scan / name, array)


def several(scan):
    content = BytesIO()
    np.savez(content, np.zeros(5), np.zeros(5))
    (scan / "data/responses/2.npy").write_bytes(content.getvalue())


def a_folder(scan):
    (scan / "data/responses/2.npy").unlink()
    (scan / "data/responses/2.npy").mkdir()


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (lambda scan: (scan / "data/responses/3.npy").unlink(), r"lacks data/responses/3\.npy"),
        (lambda scan: (scan / "data/images/11.npy").unlink(), r"lacks data/images/11\.npy"),
        (lambda scan: shutil.rmtree(scan / "data/behavior"), r"lacks data/behavior/0\.npy"),
        (lambda scan: shutil.rmtree(scan / "data"), "holds no trials"),
        (lambda scan: (scan / "meta/trials/tiers.npy").unlink(), "lacks meta/trials/tiers.npy"),
        (save("data/responses/2.npy", np.full(5, np.nan)), r"data/responses/2\.npy holds NaN"),
        (save("data/responses/2.npy", np.full(5, 1e300)), "some beyond float32"),
        (several, r"2\.npy holds several arrays and should hold one"),
        (a_folder, r"2\.npy cannot be read"),
        (save("data/responses/2.npy", np.zeros(4)), r"2\.npy holds float64 \(4,\)"),
        (save("data/behavior/0.npy", np.zeros(2)), r"should hold numbers \(3,\)"),
        (save("data/pupil_center/1.npy", np.zeros((2, 1))), r"float64 \(2, 1\)"),
        (save("data/images/0.npy", np.zeros((36, 64))), r"should hold gray levels \(1, height"),
        (save("data/images/0.npy", np.zeros((1, 0, 0))), r"holds float64 \(1, 0, 0\) and should"),
        (save("data/images/0.npy", np.full((1, 36, 64), 300.0)), "spans 300.0 to 300.0"),
        (save("data/images/0.npy", np.array([{}])), "cannot be read as a plain array"),
        (save("meta/trials/tiers.npy", np.zeros(12)), "should hold text"),
        (save("meta/trials/tiers.npy", np.array(["train"] * 3)), r"\(3,\)"),
        (save("meta/trials/tiers.npy", np.array(["other"] * 12)), "holds 'other'"),
        (save("meta/trials/tiers.npy", np.array([b"\xff"] * 12)), "holds 'ÿ'"),
        (save("meta/trials/tiers.npy", np.array(["none"] * 12)), "no trial to use"),
        (save("meta/trials/frame_image_id.npy", np.zeros(3)), r"has shape \(3,\)"),
        (
            save("meta/trials/frame_image_id.npy", np.zeros(12, int)),
            r"images/1\.npy differs from data/images/0\.npy .* frame_image_id 0",
        ),
        (save("meta/neurons/cell_motor_coordinates.npy", np.zeros((4, 3))), r"\(4, 3\)"),
        (
            save("meta/neurons/cell_motor_coordinates.npy", np.full((5, 3), "a")),
            r"coordinates\.npy holds <U1 \(5, 3\) and should hold numbers \(5, 3\)",
        ),
    ],
)
def test_a_scan_that_cannot_be_used_is_refused_by_name(scan, spoil, text):
    spoil(scan)
    with pytest.raises(DataError, match=text) as caught:
        read_sensorium(scan)
    assert "simulated-0" in str(caught.value)


@pytest.mark.parametrize("name", ["../outside.npy", "/outside.npy", "a\\..\\outside.npy"])
def test_a_zip_that_would_write_outside_its_folder(scan, name):
    path = zipped(scan)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(name, b"")
    with pytest.raises(DataError, match="which would be written outside its folder"):
        read_sensorium(path)
    assert not (scan.parent.parent / "outside.npy").exists()


def test_zips_that_are_none(tmp_path, scan):
    path = tmp_path / "scan.zip"
    path.write_bytes(zipped(scan).read_bytes()[:2000])
    with pytest.raises(DataError, match="cannot be read as a zip"):
        read_sensorium(path)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.txt", "")
    with pytest.raises(DataError, match="holds 0 folders data/images/"):
        read_sensorium(path)
    with pytest.raises(DataError, match="neither a folder nor a file"):
        read_sensorium(tmp_path / "nowhere")


def test_a_zip_that_is_torn_in_one_member(scan):
    path = zipped(scan)
    with zipfile.ZipFile(path) as file:
        start = file.getinfo("simulated-0/data/responses/2.npy").header_offset
    content = bytearray(path.read_bytes())
    content[start + 150] ^= 255
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be read as a zip .*Bad CRC-32"):
        read_sensorium(path)


@pytest.mark.parametrize("pack", [lambda scan: scan, zipped])
def test_an_error_of_another_kind_is_not_blamed_on_the_zip(scan, pack):
    with pytest.raises(RuntimeError, match="out of memory"), opened(pack(scan)):
        raise RuntimeError("out of memory")


def test_a_scan_is_not_written_over_another(recording, scan):
    with pytest.raises(ValueError, match="is there already"):
        write_sensorium(recording, scan.parent)


def test_a_recording_without_behaviour_cannot_be_written(recording, tmp_path):
    from dataclasses import replace

    with pytest.raises(ValueError, match="behaviour of simulated-0 is None"):
        write_sensorium(replace(recording, behaviour=None), tmp_path)
