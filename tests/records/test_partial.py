import pytest

from helpers.records.partial import Partial, discard, scratch


def test_what_is_saved_is_taken_up(tmp_path):
    partial = Partial.open(tmp_path / "run")
    assert partial == Partial()
    partial.metrics["a"], partial.n["a"] = 1.5, 10
    partial.save(tmp_path / "run")
    assert Partial.open(tmp_path / "run") == partial
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["partial.json"]


def test_other_code_has_a_folder_of_its_own_and_the_older_one_is_removed(tmp_path):
    home = tmp_path / "run"
    old = scratch(home, "c1")
    (old / "training.npz").touch()
    (home / "training.npz").touch()
    new = scratch(home, "c2")
    assert new == home / "c2"
    assert list(home.rglob("*")) == [new]


def test_the_same_code_finds_its_folder_as_it_left_it(tmp_path):
    (scratch(tmp_path, "c1") / "training.npz").touch()
    assert (scratch(tmp_path, "c1") / "training.npz").exists()


def test_fewer_images_are_lacking():
    partial = Partial({"a": 1.5, "b": 1.5}, {"a": 10, "b": 5})
    assert partial.lacking({"a": 10, "b": 10, "c": 10}) == {"b": 10, "c": 10}


@pytest.mark.parametrize(
    "text",
    [
        *("", '{"n": ', "[]", '{"other": 1}'),
        *('{"metrics": null}', '{"n": []}', '{"n": {"a": "10"}}', '{"cost": {"seconds": true}}'),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, text):
    (tmp_path / "partial.json").write_text(text)
    with pytest.raises(ValueError, match=r"partial\.json cannot be read .*; delete it"):
        Partial.open(tmp_path)


def test_discard_keeps_the_checkpoints(tmp_path):
    (tmp_path / "training.npz").touch()
    Partial().save(tmp_path)
    discard(tmp_path)
    discard(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["training.npz"]
