import pytest
import torch
from torch import nn

from helpers.evaluation.checkup.factory import load_weights, made_by

SOURCE = """
import torch
number = 3
def make():
    return torch.nn.Dropout()
def wrong():
    return 7
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "readers_own.py").write_text(SOURCE)
    (tmp_path / "readers_broken.py").write_text("import no_such_module_anywhere")


def test_a_model_of_the_current_folder_in_evaluation_mode():
    model = made_by("readers_own:make")
    assert isinstance(model, nn.Dropout)
    assert not model.training


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("readers_own", "model is 'readers_own'; it may be module:function"),
        (":make", "model is ':make'"),
        ("readers_missing:make", "readers_missing cannot be imported"),
        ("readers_broken:make", "no_such_module_anywhere"),
        ("readers_own:absent", "readers_own has no 'absent'"),
        ("readers_own:number", "readers_own:number is 3; it may be a function"),
        ("readers_own:wrong", "returned int; it may return a torch.nn.Module"),
    ],
)
def test_bad_factories(text, error):
    with pytest.raises(ValueError, match=error):
        made_by(text)


def test_weights_are_loaded(tmp_path):
    saved, model = nn.Linear(3, 2), nn.Linear(3, 2)
    torch.save(saved.state_dict(), tmp_path / "weights.pt")
    assert torch.equal(load_weights(model, tmp_path / "weights.pt").weight, saved.weight)


class Command:
    def __reduce__(self):
        return print, ("this code ran",)


@pytest.mark.parametrize(
    ("held", "text"),
    [
        ({"weight": Command()}, "torn or holds more than tensors"),
        ([1, 2], "hold a list; it may be a state_dict"),
        ({"weight": torch.ones(5, 5)}, "do not fit the model"),
    ],
)
def test_bad_weights(held, text, tmp_path, capsys):
    path = tmp_path / "weights.pt"
    torch.save(held, path)
    with pytest.raises(ValueError, match=text):
        load_weights(nn.Linear(3, 2), path)
    assert "this code ran" not in capsys.readouterr().out


def test_missing_and_torn_weights(tmp_path):
    with pytest.raises(ValueError, match=r"none.pt are not there"):
        load_weights(nn.Linear(3, 2), tmp_path / "none.pt")
    torch.save({"weight": torch.ones(2)}, tmp_path / "torn.pt")
    (tmp_path / "torn.pt").write_bytes((tmp_path / "torn.pt").read_bytes()[:30])
    with pytest.raises(ValueError, match=r"torn\.pt cannot be read"):
        load_weights(nn.Linear(3, 2), tmp_path / "torn.pt")
