import pytest

from helpers.records.partial import Partial, discard


def test_what_is_saved_is_taken_up_by_the_same_code(tmp_path):
    partial = Partial.open(tmp_path / "run", "c1")
    partial.metrics["a"], partial.n["a"] = 1.5, 10
    partial.save(tmp_path / "run")
    assert Partial.open(tmp_path / "run", "c1") == partial
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["partial.json"]


def test_other_code_starts_anew_and_keeps_the_checkpoints(tmp_path):
    (tmp_path / "training.npz").touch()
    Partial("c1", {"a": 1.5}, {"a": 10}).save(tmp_path)
    assert Partial.open(tmp_path, "c2") == Partial("c2")
    assert (tmp_path / "training.npz").exists()


def test_a_fresh_start_drops_what_other_code_left(tmp_path):
    (tmp_path / "training.npz").touch()
    Partial("c1", {"a": 1.5}, {"a": 10}).save(tmp_path)
    assert Partial.open(tmp_path, "c2", fresh=True) == Partial("c2")
    assert not (tmp_path / "training.npz").exists()
    # What the same code has trained since is not dropped when it is interrupted and goes on.
    (tmp_path / "training.npz").touch()
    Partial.open(tmp_path, "c2", fresh=True)
    assert (tmp_path / "training.npz").exists()


def test_fewer_images_are_lacking():
    partial = Partial("c1", {"a": 1.5, "b": 1.5}, {"a": 10, "b": 5})
    assert partial.lacking({"a": 10, "b": 10, "c": 10}) == {"b": 10, "c": 10}


@pytest.mark.parametrize("text", ["", '{"code": ', "[]", '{"other": 1}'])
def test_a_file_that_cannot_be_read_is_named(tmp_path, text):
    (tmp_path / "partial.json").write_text(text)
    with pytest.raises(ValueError, match=r"partial\.json cannot be read .*; delete it"):
        Partial.open(tmp_path, "c1")


def test_discard_keeps_the_checkpoints(tmp_path):
    (tmp_path / "training.npz").touch()
    Partial("c1").save(tmp_path)
    discard(tmp_path)
    discard(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["training.npz"]
