import numpy as np
import pytest
from scipy.special import expit


def _in_loops(weights, biases, gains, parameters, spikes, restarts=()):
    """Sleep in NumPy, step by step: the spikes of each layer and the weights it ends with.

    `restarts` are the steps before which the voltages go back to 0.
    """
    weights = [weight.double().numpy().copy() for weight in weights]
    biases = [bias.double().numpy() for bias in biases]
    found = [np.zeros((len(spikes), len(bias)), bool) for bias in biases]
    voltages = [np.zeros(len(bias)) for bias in biases]
    for t, before in enumerate(spikes.numpy()):
        for layer, W in enumerate(weights):
            V = 0 * voltages[layer] if t in restarts else voltages[layer]
            V = parameters.leak * V + gains[layer] * W[:, before].sum(1) + biases[layer]
            fired = parameters.thresholds[layer] <= V
            voltages[layer] = np.where(fired, 0, V)
            change = np.where(before, parameters.potentiation, -parameters.depression)
            W[fired] += change * (2 * expit(-W[fired] / 0.001) if parameters.gated else 1)
            found[layer][t] = before = fired
    return found, weights


@pytest.fixture
def in_loops():
    return _in_loops
