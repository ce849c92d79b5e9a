"""A hash of what tensors hold."""

import hashlib
from collections.abc import Iterable

import torch
from torch import Tensor


def digest_tensors(tensors: Iterable[Tensor]) -> str:
    """A SHA-256 over the type, the shape and the values of `tensors`, in this order.

    How a tensor lies in memory, on which device, and whether it has a gradient does not matter.
    """
    sha = hashlib.sha256()
    for tensor in tensors:
        sha.update(f"{tensor.dtype} {tuple(tensor.shape)}\n".encode())
        # By way of bytes: numpy has no bfloat16.
        flat = tensor.detach().cpu().contiguous().flatten()
        sha.update(flat.view(torch.uint8).numpy().tobytes())
    return sha.hexdigest()
