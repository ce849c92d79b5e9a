import pytest

from helpers.figures import caption


def test_caption_names_data_n_seeds_profile_and_records():
    text = caption(
        "Accuracy falls.",
        data="mnist",
        n=10000,
        profile="paper",
        seeds=2,
        spread="range over seeds",
        records="cerebellum/mnist",
    ).text
    assert text == (
        "*Accuracy falls.* Data: mnist; n = 10,000 images; 2 seeds; "
        "band or bar: range over seeds; profile: paper; "
        "records: [`results/cerebellum/mnist.jsonl`](../../results/cerebellum/mnist.jsonl)."
    )


def test_a_notebook_shows_it_as_markdown():
    shown = caption("One run.", data="digits", n=1, profile="smoke", seeds=1)
    assert shown._repr_markdown_() == shown.text == repr(shown)
    assert "1 seed;" in shown.text
    assert "records" not in shown.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"what": "no stop"}, "full stop"),
        ({"what": " "}, "what is empty"),
        ({"data": ""}, "data is empty"),
        ({"n": 0}, "n is 0"),
        ({"seeds": 0}, "seeds is 0"),
        ({"spread": ""}, "spread is empty"),
        ({"records": ""}, "records is empty"),
        ({"profile": "huge"}, "profile is 'huge'"),
    ],
)
def test_wrong_input_is_refused(wrong, words):
    call = {"what": "One run.", "data": "mnist", "n": 1, "profile": "smoke"} | wrong
    with pytest.raises(ValueError, match=words):
        caption(**call)


def test_records_that_are_not_there_yet_are_no_link():
    text = caption("One run.", data="digits", n=1, profile="smoke", records="sleep/dreams").text
    assert text.endswith("`sleep/dreams` has not run yet.")
