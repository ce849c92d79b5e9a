"""Thresholds for networks that the papers' thresholds do not belong to."""

from dataclasses import replace

from torch import Tensor

from helpers.checks import check_count
from helpers.sleep.network import SleepNetwork
from helpers.sleep.parameters import SleepParameters
from helpers.sleep.sleep import sleep


def halvings(
    network: SleepNetwork,
    images: Tensor,
    parameters: SleepParameters,
    *,
    reference: Tensor | None = None,
    at_most: int = 20,
    seed: int = 0,
) -> tuple[int, ...]:
    """How often to halve the threshold of each layer so that all layers fire.

    From the first layer on, a threshold is halved until the layer's cells fire at least as often as
    the inputs do, with weights that are held still. Accuracies play no part in it.

    Args:
        network: in evaluation mode.
        images: (n, ...) in [0, 1], in the order in which sleep shows them.
        parameters: of the sleep, with the thresholds to start from.
        reference: see :func:`helpers.sleep.sleep`.
        at_most: halvings of a layer.
        seed: of the spikes.

    Raises:
        ValueError: a layer fires less than the inputs after so many halvings, or
            :func:`helpers.sleep.sleep` refuses something.
    """
    check_count("at_most", at_most, 0)
    still = replace(parameters, images=len(images), potentiation=0.0, depression=0.0)
    found = [0] * len(parameters.thresholds)
    for layer in range(len(found)):
        while True:
            thresholds = tuple(
                threshold / 2**times
                for threshold, times in zip(parameters.thresholds, found, strict=True)
            )
            fired = sleep(
                network,
                images,
                replace(still, thresholds=thresholds),
                reference=reference,
                seed=seed,
            ).fired
            if fired[layer + 1] >= fired[0]:
                break
            if found[layer] == at_most:
                raise ValueError(
                    f"at_most is {at_most}; layer {layer + 1} fires in {fired[layer + 1]:.2g} % of "
                    f"the steps then and its inputs in {fired[0]:.2g} %, so it may be more"
                )
            found[layer] += 1
    return tuple(found)
