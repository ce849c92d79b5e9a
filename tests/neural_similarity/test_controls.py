import pytest
import torch

from helpers.neural_similarity.controls import thresholded_like, uncorrelated
from helpers.neural_similarity.similarity import similarity_matrix, upper
from helpers.neural_similarity.target import Target, thresholded


def target(name, *, seed, n=8):
    """Similarities of random responses to the same pictures."""
    stimuli = torch.arange(n * 9).reshape(n, 1, 3, 3).to(torch.uint8)
    generator = torch.Generator().manual_seed(seed)
    responses = torch.randn(n, 4, generator=generator)
    return Target(name, stimuli, similarity_matrix(responses))


def test_the_pairs_most_and_least_alike_by_hand():
    wanted = target("neurons", seed=0, n=4)
    similarity = torch.eye(4)
    # Pairs in the order 01, 02, 03, 12, 13, 23.
    for (i, j), value in zip(
        torch.combinations(torch.arange(4)).tolist(), [0.3, -0.1, 0.2, 0.0, -0.3, 0.1], strict=True
    ):
        similarity[i, j] = similarity[j, i] = value
    steps = torch.tensor(
        [[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, -1.0], [1.0, 0.0, 1.0, 0.0], [0.0, -1.0, 0.0, 1.0]]
    )
    found = thresholded_like(
        Target("neurons", wanted.stimuli, similarity), Target("pixels", wanted.stimuli, steps)
    )
    # One pair counts as 1, the one of .3; one as -1, that of -.3.
    assert found.similarity.tolist() == [
        [1, 1, 0, 0],
        [1, 1, 0, -1],
        [0, 0, 1, 0],
        [0, -1, 0, 1],
    ]
    assert found.name == "neurons_thresholded"


def test_it_has_as_many_pairs_in_each_step():
    neurons, pixels = target("neurons", seed=1), thresholded(target("pixels", seed=2), 0.5)
    found = thresholded_like(neurons, pixels)
    ours, theirs = upper(found.similarity), upper(pixels.similarity)
    assert torch.equal(ours.sort().values, theirs.sort().values)
    assert not torch.equal(found.similarity, pixels.similarity)
    near, between = (upper(neurons.similarity)[ours == step] for step in (1, 0))
    assert near.min() > between.max()
    assert torch.equal(found.similarity, found.similarity.T)


def test_of_itself_it_is_the_threshold():
    pixels = target("pixels", seed=3)
    steps = thresholded(pixels, 0.5)
    assert torch.equal(thresholded_like(pixels, steps).similarity, steps.similarity)


def test_uncorrelated_similarities():
    pixels = target("pixels", seed=4)
    found = uncorrelated(pixels)
    assert torch.equal(found.similarity, torch.eye(8))
    assert torch.equal(found.stimuli, pixels.stimuli)


def test_bad_arguments():
    pixels = target("pixels", seed=5)
    other = Target("other", pixels.stimuli + 1, pixels.similarity)
    with pytest.raises(ValueError, match="stimuli of pixels and other differ"):
        thresholded_like(pixels, other)
    with pytest.raises(ValueError, match="similarity of pixels may be -1, 0 or 1"):
        thresholded_like(pixels, pixels)
