"""What else than code a notebook depends on."""

import os

import pytest

from helpers.publish.code import helpers_code
from helpers.publish.fingerprint import changed, data_identity, fingerprint, loads_data

READS = '\n# %%\nname = "one/exact"\n'
WEIGHS = '\n# %%\nfolder = RESULTS / "models"\n'


@pytest.fixture
def parts(mini, write):
    def parts(cells, profile="smoke", data=""):
        write("one/a", cells)
        return fingerprint(mini, "one/a", profile=profile, code=helpers_code(), data=data)

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


def test_trained_weights_count_where_models_are_spoken_of(parts, mini):
    before, blind = parts(WEIGHS), parts(READS)
    weights = mini.root / "results" / "models" / "small.npz"
    weights.parent.mkdir()
    weights.write_bytes(b"1")
    assert changed(before, parts(WEIGHS)) == ["results/models/small.npz"]
    assert parts(READS) == blind


def test_a_page_of_claims_depends_on_every_claim_and_record(parts, mini):
    ledger = "\n# %%\nfrom helpers.claims import ledger\n"
    before = parts(ledger)
    (mini.root / "results" / "one" / "exact.jsonl").write_text('{"a": 1}\n')
    (mini.root / "book" / "claims" / "table.csv").write_text("id,paper\n")
    assert changed(before, parts(ledger)) == ["book/claims/table.csv", "results/one/exact.jsonl"]


def test_the_data_counts_only_where_data_is_loaded(parts):
    loads = "\n# %%\nfrom helpers.data import load\n"
    assert changed(parts(loads, data="old"), parts(loads, data="new")) == ["the data"]
    assert parts(READS, data="old") == parts(READS, data="new")
    assert loads_data(parts(loads))
    assert not loads_data(parts(READS))


def test_the_identity_of_the_data_follows_its_files(tmp_path):
    empty = data_identity(tmp_path)
    assert data_identity(None) != empty
    file = tmp_path / "MNIST" / "raw" / "images"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"12")
    first = data_identity(tmp_path)
    assert first != empty
    assert data_identity(tmp_path) == first
    os.utime(file, ns=(1, 1))
    touched = data_identity(tmp_path)
    file.write_bytes(b"123")
    os.utime(file, ns=(1, 1))
    assert len({first, touched, data_identity(tmp_path)}) == 3


def test_a_notebook_that_is_no_python_is_named(parts):
    with pytest.raises(SyntaxError, match="invalid syntax"):
        parts("\n# %%\n1 +\n")
