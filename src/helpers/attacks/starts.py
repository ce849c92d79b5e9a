"""Where an attack that walks along the decision boundary may start: on its far side."""

import torch
from torch import Tensor

from helpers.attacks.shield import Shield

#: Images of uniform noise among the candidates.
NOISES = 32


@torch.no_grad()
def starting_points(model: Shield, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """For every image another one that the model puts into a different class, drawn at random.

    Candidates are the images of the request, as in Brendel et al. (2019), and for models that know
    one class there, noise and plain black, grey and white. Foolbox blends each image with noise
    instead and stops with an error where the model puts noise into the image's own class.

    Returns:
        starting points shaped like the images, and (n,) bool: whether there is one. Where there is
        none it is the image itself.
    """
    noise = torch.rand(NOISES, *images.shape[1:], dtype=images.dtype).to(images.device)
    plain = torch.stack([torch.full_like(images[0], value) for value in (0.0, 0.5, 1.0)])
    candidates = torch.cat([images, noise, plain])
    usable = model(candidates).argmax(1)[None] != labels[:, None]
    found = usable.any(1)
    # The largest of independent uniform numbers is at an even random place.
    draw = torch.rand(usable.shape).to(images.device).masked_fill(~usable, -1)
    starts = candidates[draw.argmax(1)]
    starts[~found] = images[~found]
    return starts, found
