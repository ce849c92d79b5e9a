import pytest
import torch

from helpers.neural_similarity.similarity import similarity_matrix
from helpers.neural_similarity.target import Target, shuffled, thresholded


def pictures(n, *, seed=0, size=(16, 16)):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (n, 1, *size), generator=generator, dtype=torch.uint8)


def held_to_pixels(n=6):
    stimuli = pictures(n, seed=1, size=(12, 18))
    return Target("pixels", stimuli, similarity_matrix(stimuli.float()))


def test_shuffled_similarities_are_those_of_other_images():
    target = held_to_pixels()
    other = shuffled(target, seed=1)
    assert torch.equal(
        other.similarity.flatten().sort().values.round(decimals=5),
        target.similarity.flatten().sort().values.round(decimals=5),
    )
    assert not torch.equal(other.similarity, target.similarity)
    assert torch.allclose(other.similarity.diagonal(), torch.ones(6), atol=1e-5)
    assert torch.equal(other.stimuli, target.stimuli)


def test_thresholded_similarities():
    stimuli = pictures(3, size=(4, 4))
    similarity = torch.tensor([[1.0, 0.9, -0.2], [0.9, 1.0, -0.85], [-0.2, -0.85, 1.0]])
    found = thresholded(Target("pixels", stimuli, similarity)).similarity
    assert found.tolist() == [[1, 1, 0], [1, 1, -1], [0, -1, 1]]


def test_a_similarity_has_to_be_beyond_the_threshold():
    near = torch.tensor([[1.0, 0.75, -0.5], [0.75, 1.0, -0.51], [-0.5, -0.51, 1.0]])
    target = Target("pixels", pictures(3, size=(4, 4)), near)
    found = thresholded(target, 0.5)
    assert found.similarity.tolist() == [[1, 1, 0], [1, 1, -1], [0, -1, 1]]
    assert found.name == "pixels_thresholded"
    assert thresholded(target).similarity.tolist() == torch.eye(3).tolist()  # at .8


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Target("x", torch.zeros(2, 1, 3, 3), torch.eye(2)), "stimuli are torch.float32"),
        (lambda: Target("x", pictures(2).repeat(1, 3, 1, 1), torch.eye(2)), r"uint8 \(2, 3, "),
        (lambda: Target("x", pictures(2), torch.eye(3)), r"similarity has shape \(3, 3\)"),
        (lambda: Target("x", pictures(2), torch.eye(2).long()), r"similarity is torch\.int64"),
        (lambda: Target("x", pictures(2), 2 * torch.eye(2)), r"outside \[-1, 1\]"),
        (lambda: thresholded(held_to_pixels(), 1.0), "threshold is 1.0"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
