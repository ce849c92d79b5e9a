"""Shared code of *Borrowed Brains*; each subpackage is one step of the book's argument."""
