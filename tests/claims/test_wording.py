import pytest

from helpers.claims.wording import mean_text, number_text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.0"), (51.52, "51.5"), (-0.26, "-0.3"), (0.0018349, "0.0018"), (-0.00018, "-0.00018")],
)
def test_a_number_in_a_sentence(value, text):
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("value", "tolerance", "mean", "sd", "text"),
    [
        (50.0, 2.0, 51.52, 0.7071, "51.5 ± 0.7"),
        (50.0, 2.0, 51.52, None, "51.5"),
        # As many decimals as the paper prints, for the spread too.
        (0.73, 0.1, 0.7643, 0.0254, "0.76 ± 0.03"),
        (0.0025, 0.0005, 0.0026676, 0.00027, "0.0027 ± 0.0003"),
        (0.2, 0.001, 0.2, 0.0, "0.200 ± 0.000"),
        # 0.493 is 0.103 from 0.39: with two decimals it would look as if it were inside.
        (0.39, 0.1, 0.4928, None, "0.493"),
        (50.0, 2.0, 52.04, 1.0, "52.04 ± 1.00"),
        (50.0, 2.0, 52.0, None, "52.0"),
        (1e-5, 5e-6, 1.6e-5, None, "0.000016"),
        # Nothing that a record holds tells these apart.
        (50.0, 2.0, 52.00000001, None, "52.000000"),
    ],
)
def test_a_mean_beside_a_claim(claim, value, tolerance, mean, sd, text):
    assert mean_text(claim(value=value, tolerance=tolerance), mean, sd) == text


def test_a_sentence_has_no_mean_beside_it(sentence):
    with pytest.raises(ValueError, match="claim c1 is a sentence; it may be a number"):
        mean_text(sentence("increases"), 1.0, None)
