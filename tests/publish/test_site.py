import pytest

from helpers.publish.site import put_in_place, restore


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "next"
    folder.mkdir()
    (folder / "index.html").write_text("new")
    return folder


def test_the_first_site_is_moved(site, tmp_path):
    put_in_place(site, tmp_path / "html")
    assert (tmp_path / "html" / "index.html").read_text() == "new"
    assert not site.exists()


def test_a_site_replaces_the_old_one_whole(site, tmp_path):
    old = tmp_path / "html"
    old.mkdir()
    (old / "gone.html").write_text("old")
    put_in_place(site, old)
    assert [path.name for path in old.iterdir()] == ["index.html"]
    assert not (tmp_path / "html.old").exists()


def test_a_site_that_cannot_be_moved_leaves_the_old_one(tmp_path):
    old = tmp_path / "html"
    old.mkdir()
    (old / "index.html").write_text("old")
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "no such site", old)
    assert (old / "index.html").read_text() == "old"


def test_a_move_that_was_stopped_half_way_is_undone(site, tmp_path):
    target = tmp_path / "html"
    site.rename(tmp_path / "html.old")
    restore(target)
    assert (target / "index.html").read_text() == "new"
    restore(target)  # nothing to do
    assert (target / "index.html").read_text() == "new"
