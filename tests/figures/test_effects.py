import pandas as pd
import pytest

from helpers.figures.effects import effects

#: neither, the one, the other, both: gains 7.4, 11.5 and 25.2, so 6.3 beyond their sum.
PAPER = {"Base": 36.8, "Base + LTD": 44.2, "Base + RC": 48.3, "Cerebellum": 62.0}


def ledger(ours, **more):
    return pd.DataFrame(
        {
            "place": f"Table 2, {row}, FGSM eps = 0.1",
            "paper_value": value,
            "ours": ours.get(row),
        }
        for row, value in {**PAPER, **more}.items()
    )


def test_gains_and_what_lies_beyond_their_sum():
    ours = {"Base": 30.0, "Base + LTD": 32.0, "Base + RC": 31.0, "Cerebellum": 33.0}
    shown = effects(ledger(ours)).data
    assert shown.index.tolist() == ["FGSM eps = 0.1"]
    assert shown.iloc[0].tolist() == ["+7.4\n+2.0", "+11.5\n+1.0", "+25.2\n+3.0", "+6.3\n+0.0"]


def test_what_has_not_run_is_a_dot():
    shown = effects(ledger({"Base": 30.0, "Base + LTD": 32.0})).data
    assert shown.iloc[0].tolist() == ["+7.4\n+2.0", "+11.5\n·", "+25.2\n·", "+6.3\n·"]
    assert effects(ledger({})).data.iloc[0, 0] == "+7.4\n·"


def test_other_rows_do_not_matter():
    assert effects(ledger({}, CNN=77.6)).data.shape == (1, 4)


def test_a_missing_row_is_named():
    with pytest.raises(ValueError, match="lacks the rows \\['Cerebellum'\\]"):
        effects(ledger({}).iloc[:3])
