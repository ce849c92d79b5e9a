"""Every notebook of the book is a pair in step and stands in the table of contents."""

import pytest

from helpers.publish import Project
from helpers.publish.pairs import orphans, step_problem

PROJECT = Project()


def test_the_book_has_notebooks():
    assert PROJECT.published()


@pytest.mark.parametrize("name", PROJECT.names())
def test_the_pair_is_in_step(name):
    assert step_problem(PROJECT, name) is None


def test_every_notebook_is_in_the_table_of_contents():
    assert set(PROJECT.names()) == set(PROJECT.published())


def test_every_ipynb_has_its_source():
    assert orphans(PROJECT) == []
