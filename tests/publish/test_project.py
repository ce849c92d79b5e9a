import pytest

from helpers.publish import BookError, Project


def test_names_are_paths_without_suffix(mini, write):
    write("one/02_b", "")
    write("one/01_a", "")
    checkpoint = mini.notebooks / "one" / ".ipynb_checkpoints"
    checkpoint.mkdir()
    (checkpoint / "01_a.py").write_text("")
    assert mini.names() == ["one/01_a", "one/02_b"]


def test_pages_follow_the_table_of_contents(mini, write):
    write("one/01_a", "")
    assert mini.pages == ["book/index", "book/list", "notebooks/one/01_a"]
    assert mini.published() == ["one/01_a"]


def test_an_unknown_notebook_is_named_with_the_choices(mini, write):
    write("one/01_a", "")
    with pytest.raises(ValueError, match=r"notebook is 'two'; it may be one of one/01_a"):
        mini.source("two")


@pytest.mark.parametrize("text", [None, "format: [", "format: jb-book\n"])
def test_an_unreadable_table_of_contents_is_named(tmp_path, text):
    if text is not None:
        (tmp_path / "_toc.yml").write_text(text)
    with pytest.raises(BookError, match=r"_toc.yml cannot be read"):
        _ = Project(tmp_path).pages


def test_a_book_of_another_root_is_built_below_it_or_where_it_is_told(tmp_path):
    assert Project(tmp_path).html == tmp_path / "_build" / "html"
    assert Project(tmp_path, tmp_path / "x").index == tmp_path / "x" / "html" / "index.html"
