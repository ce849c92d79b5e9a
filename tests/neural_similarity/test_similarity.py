import numpy as np
import pytest
import torch

from helpers.neural_similarity import (
    centred_similarity,
    oracle_similarity,
    similarity_matrix,
    trial_similarity,
    upper,
)


def responses(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_equation_2_by_hand():
    # Three images, two neurons; the mean response is (1, 1).
    shown = torch.tensor([[2.0, 1.0], [1.0, 2.0], [0.0, 0.0]])
    half = 0.5**0.5
    wanted = torch.tensor([[1, 0, -half], [0, 1, -half], [-half, -half, 1]])
    torch.testing.assert_close(similarity_matrix(shown), wanted)


def test_a_library_for_representational_similarity_agrees():
    import rsatoolbox

    recorded = responses(12, 30)
    # It removes the mean over neurons, equation 2 that over images: without both they agree.
    recorded = recorded - recorded.mean(1, keepdim=True)
    recorded = recorded - recorded.mean(0)
    dataset = rsatoolbox.data.Dataset(recorded.numpy())
    found = rsatoolbox.rdm.calc_rdm(dataset, method="correlation").get_matrices()[0]
    np.testing.assert_allclose(similarity_matrix(recorded).numpy(), 1 - found, atol=1e-9)


def test_responses_may_have_any_shape():
    maps = responses(5, 3, 4, 4)
    torch.testing.assert_close(similarity_matrix(maps), similarity_matrix(maps.flatten(1)))


def test_centred_similarity_needs_no_responses():
    recorded = responses(9, 20)
    unit = recorded - recorded.mean(1, keepdim=True)
    unit = unit / unit.norm(dim=1, keepdim=True)
    torch.testing.assert_close(centred_similarity(unit @ unit.T), similarity_matrix(unit))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_an_image_that_is_the_mean_is_refused_in_either_precision(dtype):
    for seed in range(20):
        vectors = responses(7, 20, seed=seed)
        vectors = torch.cat([vectors, vectors.mean(0, keepdim=True)])
        gram = (vectors @ vectors.T).to(dtype)
        with pytest.raises(ValueError, match="similarity of image 7 leaves no direction"):
            centred_similarity(gram)
        assert centred_similarity(gram[:7, :7]).isfinite().all()


def test_equation_3_by_loops():
    recorded = responses(4, 3, 7)
    flat = recorded.reshape(12, 7) - recorded.reshape(12, 7).mean(0)
    flat = flat / flat.norm(dim=1, keepdim=True)
    flat = flat.reshape(4, 3, 7)
    for i in range(4):
        for j in range(4):
            every = [
                (flat[i, s] @ flat[j, t]).item()
                for s in range(3)
                for t in range(3)
                if i != j or s != t
            ]
            assert oracle_similarity(recorded)[i, j].item() == pytest.approx(np.mean(every))


def test_trials_keep_their_places():
    recorded = responses(3, 2, 5)
    single = trial_similarity(recorded)
    assert single.shape == (3, 2, 3, 2)
    torch.testing.assert_close(single[2, 1, 0, 0], similarity_matrix(recorded.flatten(0, 1))[5, 0])


def test_upper_takes_each_pair_once():
    matrix = torch.arange(9.0).view(3, 3)
    assert upper(matrix).tolist() == [1.0, 2.0, 5.0]


@pytest.mark.parametrize("precision", [torch.float32, torch.float64])
def test_a_response_that_is_the_mean_but_for_rounding_is_refused(precision):
    generator = torch.Generator().manual_seed(0)
    recorded = 5 + torch.rand(50, 100, dtype=precision, generator=generator)
    recorded[7] = recorded[torch.arange(50) != 7].mean(0)
    with pytest.raises(ValueError, match="responses to image 7 are the mean response"):
        similarity_matrix(recorded)
    recorded[7] += 1e-4 * torch.rand(100, dtype=precision, generator=generator)
    assert similarity_matrix(recorded)[7, 7] == pytest.approx(1)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: similarity_matrix(torch.zeros(1, 3)), r"shape \(1, 3\); it may be \(images"),
        (lambda: similarity_matrix(torch.tensor([[1.0], [float("nan")]])), "responses hold NaN"),
        (lambda: similarity_matrix(torch.ones(3, 3, dtype=torch.int64)), "whole numbers"),
        (lambda: similarity_matrix(torch.ones(3, 4)), "image 0 are the mean response"),
        (lambda: centred_similarity(torch.zeros(2, 3)), r"shape \(2, 3\)"),
        (lambda: centred_similarity(torch.tensor([[1.0, 0.5], [0.1, 1.0]])), "not symmetric"),
        (lambda: centred_similarity(torch.ones(3, 3)), "image 0 leaves no direction"),
        (lambda: oracle_similarity(torch.zeros(3, 1, 2)), r"shape \(3, 1, 2\)"),
        (lambda: trial_similarity(torch.zeros(3, 2)), r"\(images, trials, neurons\)"),
        (lambda: upper(torch.zeros(2, 3)), r"matrix has shape \(2, 3\)"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
