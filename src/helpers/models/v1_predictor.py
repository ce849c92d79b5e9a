"""A small convolutional network that predicts the responses of a scan, eye and body included."""

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, elu, grid_sample

from helpers.checks import check_count


class V1Predictor(nn.Module):
    """Three convolutional layers with skips, a readout in one place per neuron, and two circuits.

    *Core*: each layer sees what all layers before it made; the readout sees all three. *Readout*: a
    neuron looks at one place of the features, by bilinear interpolation, and weights them.
    *Shifter*: the pupil's centre moves all those places together. *Modulator*: behaviour and pupil
    scale each neuron's response. ELU + 1 keeps it positive.

    Args:
        neurons: of the scan.
        channels: of each layer.
        size: height and width of the images.
        behaviour: numbers that describe the animal in a trial; 0 for a scan without.
        pupil: whether the pupil's centre is known.

    Raises:
        ValueError: a count is too small, or the images are below 16 pixels a side.

    Sources: Li et al. (2019), section 2.2; Sinz et al. (2018) and Walker et al. (2019), whose
    design it follows; Lurz et al. (2021) for the readout.
    """

    def __init__(
        self,
        neurons: int,
        *,
        channels: int = 16,
        size: tuple[int, int] = (36, 64),
        behaviour: int = 3,
        pupil: bool = True,
    ) -> None:
        super().__init__()
        check_count("neurons", neurons, 1)
        check_count("channels", channels, 1)
        check_count("behaviour", behaviour, 0)
        for side in size:
            check_count("size", side, 16)
        self.size, self.behaviour, self.pupil = tuple(size), behaviour, pupil
        seen = (1, channels, 2 * channels)
        kernels = (9, 5, 5)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, channels, kernel, padding=kernel // 2, bias=False)
            for before, kernel in zip(seen, kernels, strict=True)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(channels) for _ in kernels)
        self.places = nn.Parameter(torch.empty(neurons, 2).uniform_(-0.3, 0.3))
        self.weights = nn.Parameter(torch.full((3 * channels, neurons), 1 / (3 * channels)))
        self.bias = nn.Parameter(torch.zeros(neurons))
        self.shifter = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 2), nn.Tanh())
        inputs = behaviour + (2 if pupil else 0)
        self.modulator = nn.Sequential(
            nn.Linear(max(inputs, 1), 10), nn.ELU(), nn.Linear(10, neurons)
        )
        # Neither circuit does anything before it has learnt to.
        for circuit in (self.shifter[-2], self.modulator[-1]):
            nn.init.zeros_(circuit.weight)  # type: ignore[arg-type]
            nn.init.zeros_(circuit.bias)  # type: ignore[arg-type]

    def features(self, images: Tensor) -> Tensor:
        """All maps (n, 3 * channels, h, w) of images (n, 1, h, w)."""
        maps: list[Tensor] = []
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = torch.cat(maps, 1) if maps else images
            maps.append(elu(norm(convolution(x))))
        return torch.cat(maps, 1)

    def forward(
        self, images: Tensor, behaviour: Tensor | None = None, pupil: Tensor | None = None
    ) -> Tensor:
        """Predicted responses (n, neurons), above 0.

        Without behaviour and pupil neither circuit counts: what is left is the visual part.

        Args:
            images: (n, 1, h, w), z-scored.
            behaviour: (n, k), z-scored.
            pupil: (n, 2), z-scored.

        Raises:
            ValueError: the images have another size, or behaviour or pupil another shape.
        """
        n = len(images)
        if images.ndim != 4 or images.shape[1:] != (1, *self.size):
            raise ValueError(
                f"images have shape {tuple(images.shape)}; it may be (n, 1, "
                f"{self.size[0]}, {self.size[1]})"
            )
        if behaviour is not None and behaviour.shape != (n, self.behaviour):
            raise ValueError(
                f"behaviour has shape {tuple(behaviour.shape)}; it may be ({n}, {self.behaviour})"
            )
        if pupil is not None and (not self.pupil or pupil.shape != (n, 2)):
            raise ValueError(
                f"pupil has shape {tuple(pupil.shape)}; it may be ({n}, 2), or None for a model "
                "without one"
            )
        if (behaviour is None) != (pupil is None) and self.behaviour and self.pupil:
            raise ValueError("behaviour or pupil is None; they may be so together, or neither")
        places = self.places.clamp(-1, 1)[None, :, None].expand(n, -1, -1, -1)
        if pupil is not None:
            places = places + self.shifter(pupil)[:, None, None]
        seen = grid_sample(self.features(images), places, align_corners=True)[..., 0]
        drive = elu((seen * self.weights).sum(1) + self.bias) + 1
        state = [known for known in (behaviour, pupil) if known is not None]
        return drive * self.modulator(torch.cat(state, 1)).exp() if state else drive

    def roughness(self) -> Tensor:
        """Mean squared Laplacian of the first layer's filters, which are to be smooth."""
        laplace = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 0.0]])
        filters = self.convolutions[0].weight
        assert isinstance(filters, Tensor)
        return conv2d(filters, laplace.to(filters)[None, None]).square().mean()
