"""What else than code a notebook depends on."""

import os

import pytest
from torchvision.datasets import CIFAR10, CIFAR100

from helpers.data import NAMES
from helpers.data.cifar_npz import FILE
from helpers.publish import Project
from helpers.publish.code import Code, helpers_code
from helpers.publish.fingerprint import (
    DATA_FILES,
    changed,
    data_identity,
    fingerprint,
    loads_data,
)
from helpers.records import benchmark

READS = '\n# %%\nname = "one/exact"\n'
LOADS = '\n# %%\nfrom helpers.data import load\ndata = load("mnist")\n'


@pytest.fixture
def parts(mini, write):
    def parts(cells, profile="smoke", folder=None, code=None):
        write("one/a", cells)
        code = helpers_code() if code is None else code
        return fingerprint(mini, "one/a", profile=profile, code=code, folder=folder)

    return parts


def test_nothing_changed_is_the_same_fingerprint(parts):
    assert parts(READS) == parts(READS)


def test_the_source_counts(parts):
    assert changed(parts("\n# %%\n1\n"), parts("\n# %%\n2\n")) == ["the notebook"]


def test_the_profile_counts(parts):
    assert changed(parts(READS), parts(READS, profile="laptop")) == ["the profile"]


def test_the_lock_file_counts(parts, mini):
    before = parts(READS)
    (mini.root / "requirements.txt").write_text("torch==2\n")
    assert changed(before, parts(READS)) == ["requirements.txt"]


def test_only_the_records_that_are_named_count(parts, mini):
    other = mini.root / "results" / "one" / "other.jsonl"
    before, blind = parts(READS), parts("\n# %%\n1\n")
    other.write_text("{}\n")
    assert parts(READS) == before
    (mini.root / "results" / "one" / "exact.jsonl").write_text('{"a": 1}\n')
    assert changed(before, parts(READS)) == ["results/one/exact.jsonl"]
    assert parts("\n# %%\n1\n") == blind


def test_a_record_that_appears_counts(parts, mini):
    reads = '\n# %%\nname = "two/new"\n'
    before = parts(reads)
    (mini.root / "results" / "two").mkdir()
    (mini.root / "results" / "two" / "new.jsonl").write_text("{}\n")
    assert changed(before, parts(reads)) == ["results/two/new.jsonl"]


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        ('f"one/{kind}"', ["results/one/exact.jsonl", "results/one/other.jsonl"]),
        ('f"one/ex{kind}"', ["results/one/exact.jsonl"]),
        ('"one/exact"', ["results/one/exact.jsonl"]),
        ('"one"', []),
        ('"exact"', []),
        ('"someone/exact"', []),
    ],
)
def test_a_name_counts_whole_and_its_start_in_an_f_string_too(parts, mini, cells, counts):
    (mini.root / "results" / "one" / "other.jsonl").write_text("{}\n")
    found = parts(f"\n# %%\nname = {cells}\n")
    assert [part for part in found if part.endswith(".jsonl")] == counts


@pytest.fixture
def weights(mini):
    path = mini.root / "results" / "models" / "small.npz"
    path.parent.mkdir()
    path.write_bytes(b"1")
    return "results/models/small.npz"


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ('RESULTS / "models"', True),
        ('open("../../results/models/small.npz")', True),
        ('f"models/{name}.npz"', True),
        ("models = [1]; models.append(2)", False),
        ('print("three models, and modelsets/x")', False),
        ("from helpers.models import BaselineCNN", False),
    ],
)
def test_trained_weights_count_where_a_string_names_their_folder(parts, weights, code, counts):
    assert (weights in parts(f"\n# %%\n{code}\n")) == counts


def test_trained_weights_count_where_a_module_behind_names_their_folder(parts, weights, tmp_path):
    names = {"brain": "", "brain.near": "", "brain.far": 'FOLDER = "models"\n'}
    for name, text in names.items():
        (tmp_path / f"{name}.py").write_text(text)
    behind = {"brain.near": {"brain.near", "brain.far"}, "brain": {"brain"}}
    code = Code(
        package="brain",
        modules=frozenset(names),
        upstream=lambda module: frozenset(behind[module]),
        file=lambda module: tmp_path / f"{module}.py",
    )
    assert weights in parts("\n# %%\nimport brain.near\n", code=code)
    assert weights not in parts("\n# %%\nimport brain\n", code=code)


def test_a_page_of_claims_depends_on_every_claim_and_record(parts, mini):
    ledger = "\n# %%\nfrom helpers.claims import ledger\n"
    before = parts(ledger)
    (mini.root / "results" / "one" / "exact.jsonl").write_text('{"a": 1}\n')
    (mini.root / "book" / "claims" / "table.csv").write_text("id,paper\n")
    assert changed(before, parts(ledger)) == ["book/claims/table.csv", "results/one/exact.jsonl"]


def test_the_benchmarks_count_where_they_are_read(parts, mini):
    shows = "\n# %%\nfrom helpers.records.benchmark import read_sections\n"
    missing, blind = parts(shows), parts(READS)
    mini.benchmarks.parent.mkdir()
    mini.benchmarks.write_text("{}\n")
    before = parts(shows)
    assert changed(missing, before) == ["benchmarks/results.json"]
    mini.benchmarks.write_text('{"a": 1}\n')
    assert changed(before, parts(shows)) == ["benchmarks/results.json"]
    assert parts(READS) == blind


def test_the_page_of_the_benchmarks_reads_the_file_that_is_written():
    project = Project()
    assert project.benchmarks == benchmark.FILE
    found = fingerprint(
        project, "appendices/benchmarks", profile="smoke", code=helpers_code(), folder=None
    )
    assert "benchmarks/results.json" in found


@pytest.fixture
def folder(tmp_path):
    """A data folder with MNIST and more."""
    folder = tmp_path / "images"
    for name in (
        "MNIST/raw/train",
        "cifar-10-batches-py/batch",
        "mouse_v1/set/trials",
        ".mnist-x/part",
    ):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(b"12")
    return folder


def test_the_data_counts_only_where_data_is_loaded(parts, folder):
    assert changed(parts(LOADS, "laptop"), parts(LOADS, "laptop", folder)) == ["the data"]
    assert parts(READS, "laptop") == parts(READS, "laptop", folder)


def test_a_page_says_which_images_where_it_loads_them_itself(tmp_path):
    for cells, says in (
        (LOADS, True),
        (READS, False),
        ("from helpers.data import Dataset\n", False),
        ("from helpers.experiments import EXPERIMENTS\n", False),  # they load behind its back
    ):
        (tmp_path / "page.py").write_text(cells)
        assert loads_data(tmp_path / "page.py") == says


def test_smoke_uses_embedded_data_whatever_there_is(parts, folder):
    assert parts(LOADS) == parts(LOADS, folder=folder)


def test_only_the_sets_that_are_named_count(parts, folder):
    gray = LOADS.replace("mnist", "cifar10_gray")
    any_set = LOADS.replace('"mnist"', "choice()")

    def now():
        return [parts(cells, "laptop", folder) for cells in (LOADS, gray, any_set)]

    before = now()
    (folder / "mouse_v1" / "set" / "trials").write_bytes(b"123")
    (folder / ".mnist-x" / "part").unlink()
    assert now() == before
    (folder / "cifar-10-batches-py" / "batch").write_bytes(b"123")
    assert [changed(*pair) for pair in zip(before, now(), strict=True)] == [
        [],
        ["the data"],
        ["the data"],
    ]


def test_a_set_that_a_module_behind_names_counts(parts, folder):
    imports = "from helpers.experiments.cerebellum import mnist\n"
    runs = LOADS.replace('"mnist"', "choice()") + imports
    before = parts(runs, "laptop", folder)
    (folder / "cifar-10-batches-py" / "batch").write_bytes(b"123")
    assert parts(runs, "laptop", folder) == before
    (folder / "MNIST" / "raw" / "train").write_bytes(b"123")
    assert changed(before, parts(runs, "laptop", folder)) == ["the data"]


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        ("from helpers.data.recordings import load_scans", True),
        ("from helpers.models.sensorium_cnn import read_sensorium_cnn", True),
        ("from helpers.data import data_folder\ndata_folder() / 'mouse_v1/set'", True),
        ("from helpers.data import load", False),
    ],
)
def test_recordings_count_where_a_module_behind_reads_them(parts, folder, cells, counts):
    before = parts(f"\n# %%\n{cells}\n", "laptop", folder)
    (folder / "mouse_v1" / "set" / "more").write_bytes(b"1")
    after = parts(f"\n# %%\n{cells}\n", "laptop", folder)
    assert changed(before, after) == (["the data"] if counts else [])


def test_every_set_is_known_with_its_place():
    assert set(DATA_FILES) == set(NAMES)
    assert DATA_FILES["cifar10"] == DATA_FILES["cifar10_gray"] == (CIFAR10.base_folder,)
    assert DATA_FILES["cifar100_gray"] == (FILE, CIFAR100.base_folder)


def test_the_identity_of_the_data_follows_its_files(tmp_path):
    empty = data_identity(tmp_path, ["MNIST"])
    assert data_identity(None, ["MNIST"]) != empty
    file = tmp_path / "MNIST" / "raw" / "images"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"12")
    first = data_identity(tmp_path, ["MNIST"])
    assert first != empty
    assert data_identity(tmp_path, ["MNIST"]) == first
    os.utime(file, ns=(1, 1))
    touched = data_identity(tmp_path, ["MNIST"])
    file.write_bytes(b"123")
    os.utime(file, ns=(1, 1))
    assert len({first, touched, data_identity(tmp_path, ["MNIST"])}) == 3


def test_an_entry_may_be_one_file(tmp_path):
    before = data_identity(tmp_path, ["cifar100_gray.npz"])
    (tmp_path / "cifar100_gray.npz").write_bytes(b"1")
    assert data_identity(tmp_path, ["cifar100_gray.npz"]) != before


def test_a_notebook_that_is_no_python_is_named(parts):
    with pytest.raises(SyntaxError, match="invalid syntax"):
        parts("\n# %%\n1 +\n")
