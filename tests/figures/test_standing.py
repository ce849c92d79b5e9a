import math
from functools import partial

import pandas as pd
import pytest

from helpers.experiments import EXPERIMENTS
from helpers.figures import standing
from helpers.figures.caption import Caption
from helpers.figures.standing import pooled_spread, what_differs, what_ran
from helpers.records import Record, append, plan


def ledger(*rows):
    """Rows of (row, column, paper, ours, sd, seeds, verdict)."""
    return pd.DataFrame(
        {
            "place": f"Table 6, {row}, {column}",
            "paper_value": paper,
            "ours": ours,
            "sd": sd,
            "seeds": seeds,
            "verdict": verdict,
            "tolerance": 2.0,
            "minutes": 14.0 if verdict == "not run" else None,
        }
        for row, column, paper, ours, sd, seeds, verdict in rows
    )


TWO = ("FC, m = 1", "FGSM", 33.8, 37.5, 3.0, 2, "differs")
ONE = ("FC, m = 2", "FGSM", 30.0, 31.0, None, 1, "consistent")
NONE = ("FC, m = 3", "FGSM", 40.0, None, None, 0, "not run")
MORE = ("FC, m = 4", "FGSM", 20.0, 20.0, 4.0, 2, "reproduced")


def test_what_has_run_and_what_the_rest_costs():
    text = what_ran(ledger(TWO, ONE, NONE)).text
    assert text.startswith("**2 of 3 rows have run** (1 on 2 seeds, 1 on 1 seed). Not run yet")
    assert text.endswith("on two cores: m = 3 (14 min).")  # FC is said by the page


def test_all_or_none_have_run():
    assert what_ran(ledger(TWO)).text == "**1 of 1 rows have run** (1 on 2 seeds)."
    none = what_ran(ledger(NONE)).text
    assert none.startswith("**0 of 1 rows have run**. Not run yet")
    assert none.endswith("FC, m = 3 (14 min).")


def test_a_row_has_run_when_every_cell_has():
    half = ("FC, m = 1", "PGD", 9.0, None, None, 0, "not run")
    assert what_ran(ledger(TWO, half)).text.startswith("**0 of 1 rows")


def test_a_place_of_two_parts_is_named_by_the_first():
    bare = ledger(NONE).assign(place="section 4.2, decline")
    assert what_ran(bare).text.endswith("on two cores: section 4.2 (14 min).")


def test_sentences_are_in_no_row():
    sentence = ("", "", None, None, None, 0, "not run")
    assert what_ran(ledger(TWO, sentence)).text == "**1 of 1 rows have run** (1 on 2 seeds)."
    with pytest.raises(ValueError, match="ledger holds no number"):
        what_ran(ledger(sentence))


def test_the_spread_of_a_column_is_pooled():
    spread = pooled_spread(ledger(TWO, ONE, NONE, MORE))
    assert spread == {"FGSM": pytest.approx(math.sqrt((9 + 16) / 2))}


def test_more_seeds_weigh_more():
    five = ("FC, m = 5", "FGSM", 20.0, 20.0, 1.0, 5, "reproduced")
    assert pooled_spread(ledger(TWO, five))["FGSM"] == pytest.approx(math.sqrt((9 + 4) / 5))


def test_what_differs_is_listed_with_its_difference_in_spreads():
    shown = what_differs(ledger(TWO, ONE, NONE), ledger(TWO, MORE)).data
    assert shown["row"].tolist() == ["FC, m = 1"]
    assert shown["difference"].tolist() == [pytest.approx(3.7)]
    assert shown["in spreads"].tolist() == [pytest.approx(3.7 / math.sqrt(12.5))]


def test_where_nothing_differs_it_says_so():
    assert "within its tolerance" in what_differs(ledger(ONE), ledger(ONE)).text
    assert "None of these rows" in what_differs(ledger(NONE), ledger(NONE)).text
    assert isinstance(what_differs(ledger(ONE), ledger(ONE)), Caption)


def test_without_two_seeds_anywhere_there_is_no_unit():
    alone = ("FC, m = 1", "FGSM", 33.8, 37.5, None, 1, "inconsistent")
    styled = what_differs(ledger(alone), ledger(alone))
    assert styled.data["in spreads"].isna().all()
    assert "nan" not in styled.to_html()


def test_an_empty_ledger_is_refused():
    with pytest.raises(ValueError, match="ledger holds no number"):
        what_ran(ledger(TWO).iloc[:0])
    with pytest.raises(ValueError, match="ledger is empty; it may hold one number or more"):
        what_differs(ledger(TWO).iloc[:0], ledger(TWO))


def test_what_waits_names_runs_cost_and_command(monkeypatch, tmp_path):
    experiment = EXPERIMENTS["cerebellum/batch_one"]
    runs = len(experiment.grid("smoke"))
    monkeypatch.setattr(standing, "plan", partial(plan, folder=tmp_path))
    text = standing.what_waits(experiment, "smoke").text
    assert text.startswith(
        f"0 of the {runs} runs of cerebellum/batch_one are done. The others take"
    )
    assert text.endswith("`brains run cerebellum/batch_one --profile smoke`.")
    config = experiment.grid("smoke")[0]
    wanted = experiment.metrics(config, "smoke")
    made = {"commit": "c", "code": "h", "created": "2026-01-01T00:00:00Z"}
    record = Record(experiment.name, config, dict.fromkeys(wanted, 1.0), wanted, made)
    append(tmp_path / f"{experiment.name}.jsonl", record, cache=tmp_path)
    assert standing.what_waits(experiment, "smoke").text.startswith(f"1 of the {runs} runs")
