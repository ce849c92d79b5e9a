import json
import subprocess

import pytest

from helpers.paths import ROOT
from helpers.publish import BookError, assets
from helpers.publish.assets import FILES, MATHJAX, WIDGET_SCRIPTS, copy_vendor, fetch_vendor


@pytest.fixture
def lock(tmp_path):
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_text("{}")
    return tmp_path / "package-lock.json"


def _npm(monkeypatch, *, brings=tuple(FILES), status=0):
    """A stand-in for npm that lays out `brings` and counts its calls."""
    calls = []

    def npm(arguments, *, cwd, **unused):
        calls.append(arguments)
        for name in brings:
            path = cwd / "node_modules" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
        return subprocess.CompletedProcess(arguments, status, "", "npm error ENOTFOUND index")

    monkeypatch.setattr(assets, "npm", npm)
    return calls


def test_scripts_are_fetched_once_per_lock(lock, tmp_path, monkeypatch):
    calls = _npm(monkeypatch)
    first = fetch_vendor(lock, cache=tmp_path / "cache")
    assert {path.name for path in first.iterdir()} == set(FILES.values())
    assert fetch_vendor(lock, cache=tmp_path / "cache") == first
    assert len(calls) == 1
    lock.write_text('{"changed": 1}')
    assert fetch_vendor(lock, cache=tmp_path / "cache") != first
    assert len(calls) == 2


def test_a_file_that_is_newly_listed_is_fetched(lock, tmp_path, monkeypatch):
    _npm(monkeypatch, brings=[*FILES, "new/new.js", "icons/a.svg"])
    fetch_vendor(lock, cache=tmp_path / "cache")
    monkeypatch.setitem(FILES, "new/new.js", "new.js")
    assert (fetch_vendor(lock, cache=tmp_path / "cache") / "new.js").is_file()
    monkeypatch.setattr(assets, "FONTS", "icons/*.svg")
    assert (fetch_vendor(lock, cache=tmp_path / "cache") / "a.svg").is_file()


def test_without_the_npm_index_the_error_says_what_is_missing(lock, tmp_path, monkeypatch):
    _npm(monkeypatch, brings=(), status=1)
    with pytest.raises(BookError, match=r"@jupyter-widgets/html-manager.*mathjax(.|\n)*ENOTFOUND"):
        fetch_vendor(lock, cache=tmp_path / "cache")
    _npm(monkeypatch)  # the index is back
    assert fetch_vendor(lock, cache=tmp_path / "cache").is_dir()


def test_a_package_that_lacks_a_file_is_named(lock, tmp_path, monkeypatch):
    _npm(monkeypatch, brings=list(FILES)[1:])
    with pytest.raises(BookError, match=r"npm brought no requirejs/require\.js"):
        fetch_vendor(lock, cache=tmp_path / "cache")


def test_pages_get_every_script_they_load(lock, tmp_path, monkeypatch):
    _npm(monkeypatch)
    copy_vendor(fetch_vendor(lock, cache=tmp_path / "cache"), tmp_path / "shared")
    for script in (MATHJAX, *WIDGET_SCRIPTS, "vendor/anywidget.js"):
        assert (tmp_path / "shared" / script).is_file()
    assert not (tmp_path / "shared" / "vendor" / "axe.min.js").exists()


def test_the_lock_names_no_address_and_every_hash():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    del packages[""]
    assert packages
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert not [name for name, package in packages.items() if "integrity" not in package]


def test_the_lock_is_that_of_the_package_file():
    wanted = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"][""]
    for kind in ("dependencies", "devDependencies"):
        assert locked[kind] == wanted[kind]
