"""A reader's own model, from the name of a function that makes it."""

import importlib
import sys
from pathlib import Path

import torch
from torch import Tensor, nn

from helpers.tensors import read_tensors


def made_by(factory: str) -> nn.Module:
    """The model that ``module:function`` makes, called without arguments, in evaluation mode.

    The module may lie in the current folder.

    Raises:
        ValueError: the text is not ``module:function``, the module cannot be imported, it has no
            such function, the function fails, or what it returns is no ``torch.nn.Module``.
    """
    module_name, colon, name = factory.partition(":")
    if not (module_name and colon and name):
        raise ValueError(f"model is {factory!r}; it may be module:function, such as mine:make")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        raise ValueError(
            f"{module_name} cannot be imported ({type(error).__name__}: {error}); "
            "it may be a module of the current folder or an installed one"
        ) from error
    if not hasattr(module, name):
        raise ValueError(
            f"{module_name} has no {name!r}; it may be a function that returns a model"
        )
    make = getattr(module, name)
    if not callable(make):
        raise ValueError(f"{factory} is {make!r}; it may be a function that returns a model")
    try:
        model = make()
    except Exception as error:
        raise ValueError(
            f"{factory} fails with {type(error).__name__}: {error}; it may return a torch.nn.Module"
        ) from error
    if not isinstance(model, nn.Module):
        raise ValueError(
            f"{factory} returned {type(model).__name__}; it may return a torch.nn.Module"
        )
    return model.eval()


@torch.no_grad()
def check_fits(model: nn.Module, images: Tensor) -> None:
    """Show `model` some images.

    Raises:
        ValueError: it cannot take them, or answers with something else than scores (n, classes).
    """
    shape = tuple(images.shape)
    try:
        scores = model(images)
    except Exception as error:
        raise ValueError(
            f"the model fails on images of shape {shape} with "
            f"{type(error).__name__}: {error}; it may take such images"
        ) from error
    kind = tuple(scores.shape) if isinstance(scores, Tensor) else f"a {type(scores).__name__}"
    if not isinstance(scores, Tensor) or scores.ndim != 2 or len(scores) != len(images):
        raise ValueError(
            f"the model returns {kind} for images of shape {shape}; it may return scores "
            f"({len(images)}, classes)"
        )


def load_weights(model: nn.Module, path: Path) -> nn.Module:
    """Put the state dict in `path` into `model`; a file that holds code is not read.

    Raises:
        ValueError: the file is missing, torn or holds more than weights, or the weights do not fit.
    """
    if not path.is_file():
        raise ValueError(f"weights {path} are not there; it may be a file torch.save wrote")
    try:
        state = read_tensors(path)
    except ValueError as error:
        raise ValueError(f"weights {error}; it may hold a state_dict alone") from error
    if not isinstance(state, dict):
        raise ValueError(f"weights {path} hold a {type(state).__name__}; it may be a state_dict")
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise ValueError(f"weights {path} do not fit the model: {error}") from error
    return model
