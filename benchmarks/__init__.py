"""The fast paths of the book against named peers: ``make bench``."""
