"""How alike a population of neurons finds two images (Li et al. 2019, section 2)."""

import torch
from torch import Tensor

#: A centred response is no longer than the rounding of the subtraction, and has no direction, up to
#: this many units of rounding of the response itself.
ROUNDING = 8


def centred_unit_vectors(responses: Tensor) -> Tensor:
    """The vectors e_i of equation 2: each response less the mean response, with length 1.

    Args:
        responses: (images, ...) of one population; all but the first axis count as neurons.

    Returns:
        (images, neurons).

    Raises:
        ValueError: fewer than two images, NaN or infinite responses, or an image whose response is
            the mean response, which has no direction.
    """
    if responses.ndim < 2 or len(responses) < 2:
        raise ValueError(
            f"responses have shape {tuple(responses.shape)}; it may be (images, neurons) with at "
            "least two images"
        )
    if not responses.is_floating_point() or not bool(responses.isfinite().all()):
        raise ValueError("responses hold NaN, infinite or whole numbers; they may be finite floats")
    centred = (responses - responses.mean(0)).flatten(1)
    length = centred.norm(dim=1, keepdim=True)
    shortest = ROUNDING * torch.finfo(responses.dtype).eps * responses.flatten(1).norm(dim=1)
    flat = (length[:, 0] <= shortest).nonzero()[:, 0].tolist()
    if flat:
        raise ValueError(
            f"responses to image {flat[0]} are the mean response; they may be any that differ from "
            "it, as a vector of length 0 has no direction"
        )
    return centred / length


def similarity_matrix(responses: Tensor) -> Tensor:
    """S of equations 2 and 6: the cosine of every two centred responses.

    Args:
        responses: (images, ...), of recorded neurons, scaled or not, or of a model.

    Returns:
        (images, images), symmetric, 1 on the diagonal, in [-1, 1].

    Raises:
        ValueError: see :func:`centred_unit_vectors`.
    """
    vectors = centred_unit_vectors(responses)
    return (vectors @ vectors.T).clamp(-1, 1)


def centred_similarity(similarity: Tensor) -> Tensor:
    """S of equation 2 where only uncentred similarities are known.

    A matrix of correlations holds the inner products of unit vectors u_i (responses less their mean
    over neurons). Centring the vectors, u_i less their mean over images, is centring that matrix in
    rows and columns; the new lengths are the roots of its diagonal.

    Args:
        similarity: (images, images), the inner products of some vectors.

    Raises:
        ValueError: it is not square and symmetric, or an image is left without a direction.
    """
    if similarity.ndim != 2 or similarity.shape[0] != similarity.shape[1]:
        raise ValueError(f"similarity has shape {tuple(similarity.shape)}; it may be (n, n)")
    if not torch.allclose(similarity, similarity.T, atol=1e-6):
        raise ValueError("similarity is not symmetric; it may be inner products of vectors")
    rows = similarity.mean(1, keepdim=True)
    centred = similarity - rows - rows.T + rows.mean()
    square = centred.diagonal()
    smallest = ROUNDING * torch.finfo(similarity.dtype).eps * similarity.abs().max()
    flat = (square <= smallest).nonzero()[:, 0].tolist()
    if flat:
        raise ValueError(
            f"similarity of image {flat[0]} leaves no direction behind centring; every image may "
            "differ from the mean of all"
        )
    length = square.sqrt()
    return (centred / length[:, None] / length).clamp(-1, 1)


def oracle_similarity(responses: Tensor) -> Tensor:
    """S of equation 3: the mean similarity over all pairs of trials of two images.

    The trials are centred together. On the diagonal a trial is not compared with itself.

    Args:
        responses: (images, trials, neurons), scaled by :func:`signal_to_noise` or not.

    Returns:
        (images, images); its diagonal says how alike two trials of one image are.

    Raises:
        ValueError: fewer than two trials; see :func:`centred_unit_vectors`.
    """
    similarity = trial_similarity(responses)
    trials = responses.shape[1]
    summed = similarity.sum((1, 3))
    with_itself = torch.diagonal_scatter(
        torch.full_like(summed, trials**2),
        summed.new_full((len(summed),), trials**2 - trials),
    )
    own = torch.diag_embed(similarity.diagonal(dim1=0, dim2=2).diagonal(dim1=0, dim2=1).sum(1))
    return (summed - own) / with_itself


def trial_similarity(responses: Tensor) -> Tensor:
    """The similarity of every two single trials: S of equation 2, trials taken as images.

    Args:
        responses: (images, trials, neurons).

    Returns:
        (images, trials, images, trials).

    Raises:
        ValueError: not three axes, fewer than two trials; see :func:`centred_unit_vectors`.
    """
    if responses.ndim != 3 or responses.shape[1] < 2:
        raise ValueError(
            f"responses have shape {tuple(responses.shape)}; it may be (images, trials, neurons) "
            "with at least two trials"
        )
    images, trials, _ = responses.shape
    return similarity_matrix(responses.flatten(0, 1)).view(images, trials, images, trials)


def upper(matrix: Tensor) -> Tensor:
    """The entries above the diagonal, row by row: each pair of different images once.

    Raises:
        ValueError: the matrix is not square.
    """
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"matrix has shape {tuple(matrix.shape)}; it may be (n, n)")
    rows, columns = torch.triu_indices(len(matrix), len(matrix), 1)
    return matrix[rows, columns]
