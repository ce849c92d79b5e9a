import pandas as pd
import pytest

from helpers.claims import VERDICTS
from helpers.figures.ledger_table import paper_table, sentence_table, verdict_counts


def ledger(*verdicts, column="PGD eps = 0.1", sd=1.844):
    return pd.DataFrame(
        {
            "place": [f"Table 6, FC, m = {i}, {column}" for i, _ in enumerate(verdicts)],
            "quantity": "said",
            "sentence": "seen",
            "papers_own": "fails",
            "paper_value": 20.4,
            "ours": [None if verdict == "not run" else 20.99 for verdict in verdicts],
            "sd": [None if verdict == "not run" else sd for verdict in verdicts],
            "seeds": [0 if verdict == "not run" else 2 for verdict in verdicts],
            "verdict": verdicts,
            "older_code": [verdict == "differs" for verdict in verdicts],
            "minutes": [600.0 if verdict == "not run" else None for verdict in verdicts],
        }
    )


def test_a_cell_holds_the_papers_value_ours_and_the_mark():
    shown = paper_table(ledger("reproduced", "differs", "not run")).data
    assert shown.index.tolist() == ["FC\nm = 0", "FC\nm = 1", "FC\nm = 2"]
    assert shown["PGD eps = 0.1"].tolist() == [
        "20.4\n21.0 ± 1.8 ●",
        "20.4\n21.0 ± 1.8 ▲*",
        "20.4\n·",
    ]
    assert shown["seeds or cost"].tolist() == ["2 seeds", "2 seeds", "10 h"]


def test_one_seed_has_no_spread():
    shown = paper_table(ledger("reproduced", sd=None)).data
    assert shown["PGD eps = 0.1"].tolist() == ["20.4\n21.0 ●"]


def test_decimals_are_those_of_the_paper():
    shown = paper_table(ledger("reproduced", "not run").assign(paper_value=8.92), digits=2).data
    assert shown["PGD eps = 0.1"].tolist() == ["8.92\n20.99 ± 1.84 ●", "8.92\n·"]


def test_in_a_narrow_table_words_and_spread_stand_below_one_another():
    rows = ledger("reproduced", "not run")
    rows["place"] = ["Fig. 2, Fine-tune Blur, eps = 0", "Fig. 2, Sleep, eps = 0"]
    shown = paper_table(rows, narrow=True).data
    assert shown.index.tolist() == ["Fine-tune\nBlur", "Sleep"]
    assert shown["eps = 0"].tolist() == ["20.4\n21.0 ●\n± 1.8", "20.4\n·"]
    shown = paper_table(rows.assign(sd=None), narrow=True).data
    assert shown["eps = 0"].tolist() == ["20.4\n21.0 ●", "20.4\n·"]


def test_columns_stand_side_by_side_as_in_print():
    rows = pd.concat(
        [ledger("reproduced", column="test accuracy"), ledger("not run")], ignore_index=True
    )
    shown = paper_table(rows).data
    assert list(shown.columns) == ["test accuracy", "PGD eps = 0.1", "seeds or cost"]
    assert shown["seeds or cost"].tolist() == ["10 h"]


def test_every_verdict_has_a_mark_of_its_own_in_every_table():
    found = verdict_counts(ledger(*VERDICTS), pd.Series(["a"] * 6)).data
    marks = {heading.split()[0] for heading in found.columns}
    assert len(marks) == len(VERDICTS)
    html = sentence_table(ledger(*VERDICTS)).to_html() + paper_table(ledger(*VERDICTS)).to_html()
    assert all(html.count(mark) >= 2 for mark in marks)


def test_what_deviates_is_bold():
    bold = [
        paper_table(ledger(verdict)).to_html().count("font-weight: 700") for verdict in VERDICTS
    ]
    assert dict(zip(VERDICTS, bold, strict=True)) == {
        "reproduced": 0,
        "differs": 1,
        "consistent": 0,
        "inconsistent": 1,
        "contradicted": 1,
        "not run": 0,
    }


def test_sentences():
    shown = sentence_table(ledger("contradicted")).data
    assert shown.iloc[0].tolist()[1:] == ["said", "seen", "fails", "■ contradicted", ""]


def test_counts():
    rows = ledger("differs", "reproduced", "reproduced")
    counts = verdict_counts(rows, pd.Series(["b", "a", "a"])).data
    assert counts.index.tolist() == ["b", "a"]
    assert counts.loc["a"].tolist() == [2, 0, 0, 0, 0, 0]
    assert counts.loc["b"].sum() == 1


def test_bad_arguments():
    for table in (paper_table, sentence_table):
        with pytest.raises(ValueError, match="ledger is empty"):
            table(ledger())
    with pytest.raises(ValueError, match="ledger holds a sentence"):
        paper_table(ledger("not run").assign(paper_value=None))
    with pytest.raises(ValueError, match="another index"):
        verdict_counts(ledger("differs"), pd.Series(["a", "b"]))


def test_numbers_in_words(claim):
    from helpers.claims import ledger_frame
    from helpers.figures.ledger_table import cost_text, number_table

    ledger = ledger_frame([claim("RC", "clean", 0.39)], [])
    (row,) = number_table(ledger, digits=2).data.to_dict("records")
    assert (row["seeds"], row["cost"]) == ("·", cost_text(ledger.minutes[0]))
    assert row["cost"]
    ran = ledger.assign(ours=0.5, sd=0.1, seeds=2, verdict="differs")
    (row,) = number_table(ran, digits=2).data.to_dict("records")
    assert (row["paper"], row["ours"], row["seeds"]) == ("0.39", "0.50", "2")
    html = number_table(ledger, digits=2).to_html()
    assert "0.39" in html
    assert "not run" in html
    with pytest.raises(ValueError, match="digits is -1"):
        number_table(ledger, digits=-1)
    with pytest.raises(ValueError, match="ledger is empty"):
        number_table(ledger[:0])
