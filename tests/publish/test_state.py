import pytest

from helpers.publish.state import State, read_state, write_state

STATE = State({"the notebook": "abc"}, "Executed.")


@pytest.fixture
def executed(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text("{}")
    return path


def test_a_state_is_read_as_it_was_written(executed):
    write_state(executed, STATE)
    assert read_state(executed) == STATE


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"fingerprint": 1, "sentence": ""}', "\xff"]
)
def test_a_state_that_cannot_be_read_is_none(executed, text):
    executed.with_suffix(".json").write_bytes(text.encode("latin1"))
    assert read_state(executed) is None


def test_a_state_without_its_notebook_is_none(executed):
    assert read_state(executed) is None
    write_state(executed, STATE)
    executed.unlink()
    assert read_state(executed) is None


def test_a_write_that_fails_leaves_the_state_as_it_was(executed, tmp_path):
    write_state(executed, STATE)
    with pytest.raises(TypeError):
        write_state(executed, State({"the notebook": object()}, ""))
    assert read_state(executed) == STATE
    assert len(list(tmp_path.iterdir())) == 2
