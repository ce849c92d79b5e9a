"""Fast kernels; each has a plain-torch twin that is its test."""
