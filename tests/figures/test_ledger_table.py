import pandas as pd
import pytest

from helpers.claims import VERDICTS
from helpers.figures import ledger_table, verdict_counts


def ledger(*verdicts):
    return pd.DataFrame(
        {
            "place": [f"Table {i}" for i, _ in enumerate(verdicts)],
            "quantity": "said",
            "sentence": "seen",
            "paper_value": 20.4,
            "ours": [None if verdict == "not run" else 20.99 for verdict in verdicts],
            "sd": [None if verdict == "not run" else 1.844 for verdict in verdicts],
            "seeds": 2,
            "tolerance": 2.0,
            "standing": "exact",
            "verdict": verdicts,
            "older_code": [verdict == "differs" for verdict in verdicts],
            "minutes": [600.0 if verdict == "not run" else None for verdict in verdicts],
        }
    )


def test_every_verdict_has_its_mark_word_and_colour():
    html = ledger_table(ledger(*VERDICTS)).to_html()
    for verdict in VERDICTS:
        assert f" {verdict}" in html
    assert html.count("font-weight: 600") >= 3
    assert "▲ differs (older code)" in html
    assert "20.99" not in html  # one decimal, like the paper
    assert ">21.0<" in html
    assert ">1.84<" in html
    assert "10 h" in html


def test_sentences():
    html = ledger_table(ledger("contradicted"), sentences=True).to_html()
    assert ">said<" in html
    assert ">seen<" in html
    assert "tolerance" not in html


def test_counts():
    rows = ledger("differs", "reproduced", "reproduced")
    counts = verdict_counts(rows, pd.Series(["b", "a", "a"]))
    assert counts.index.tolist() == ["b", "a"]
    assert counts.loc["a", "reproduced"] == 2
    assert counts.loc["b"].sum() == 1
    assert list(counts.columns) == list(VERDICTS)


def test_bad_arguments():
    with pytest.raises(ValueError, match="ledger is empty"):
        ledger_table(ledger())
    with pytest.raises(ValueError, match="another index"):
        verdict_counts(ledger("differs"), pd.Series(["a", "b"]))
