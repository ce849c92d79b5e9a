"""Global random numbers of torch for those who take no generator, such as dropout."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def seeded_torch(seed: int) -> Iterator[None]:
    """Torch's global random numbers start from `seed` inside and go on as before afterwards.

    On the CPU and on every graphics card in use: ``torch.random.fork_rng`` left to itself looks at
    all cards, and warns where there are several.
    """
    cards = range(torch.cuda.device_count() if torch.cuda.is_initialized() else 0)
    with torch.random.fork_rng(cards):
        torch.default_generator.manual_seed(seed)
        if cards:
            torch.cuda.manual_seed_all(seed)
        yield
