import json

import pytest

from helpers.records.benchmark import FILE, Row, Section, duration, read_sections, write_section


def row(**change):
    fields = {"what": "a", "ratio": 2.0, "bound": 1.5, "side": "at least", "seconds": {"ours": 1.0}}
    return Row(**fields | change)


def section(**change):
    fields = {
        "setting": "k = 4",
        "machine": "a processor",
        "threads": 2,
        "versions": {"torch": "2"},
        "date": "2026-01-01T00:00:00Z",
        "commit": "abc",
        "load": 0.1,
        "rows": (row(), row(side="at most", bound=3.0, aim=2.0)),
    }
    return Section(**fields | change)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "results.json"


def test_what_is_written_is_read(path):
    for written in (section(), section(note="a note", load=None)):
        write_section("one", written, path)
        assert read_sections(path) == {"one": written}
    assert list(path.parent.iterdir()) == [path]


def test_one_section_is_replaced_and_the_others_stay(path):
    write_section("two", section(), path)
    write_section("one", section(), path)
    before = path.read_text()
    write_section("two", section(load=0.7), path)
    assert read_sections(path) == {"one": section(), "two": section(load=0.7)}
    write_section("two", section(), path)
    assert path.read_text() == before


def test_the_file_says_whether_a_row_is_met(path):
    write_section("one", section(rows=(row(), row(ratio=1.0))), path)
    rows = json.loads(path.read_text())["one"]["rows"]
    assert [row["met"] for row in rows] == [True, False]


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "met"),
        ({"ratio": 1.5}, "met"),
        ({"ratio": 1.49}, "missed"),
        ({"aim": 2.0}, "aim reached"),
        ({"aim": 2.1}, "met"),
        ({"side": "at most"}, "missed"),
        ({"side": "at most", "bound": 2.0}, "met"),
        ({"side": "at most", "bound": 3.0, "aim": 2.5}, "aim reached"),
    ],
)
def test_verdicts(change, verdict):
    assert row(**change).verdict == verdict
    assert row(**change).met == (verdict != "missed")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"ratio": float("nan")}, "ratio is nan"),
        ({"bound": 0}, "bound is 0"),
        ({"side": "over"}, "side is 'over'; it may be one of at least, at most"),
        ({"seconds": {}}, "seconds are none"),
        ({"seconds": {"ours": -1.0}}, "seconds of ours is -1.0"),
        ({"aim": -1.0}, "aim is -1.0"),
    ],
)
def test_bad_rows(change, text):
    with pytest.raises(ValueError, match=text):
        row(**change)


def test_no_file(path):
    with pytest.raises(ValueError, match=r"results.json is not there; `make bench` writes it"):
        read_sections(path)


@pytest.mark.parametrize("cut", [0, 1, 50, -3])
def test_a_torn_file(path, cut):
    write_section("one", section(), path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ValueError, match=r"results.json is torn \(.*\); restore it, or delete it"):
        read_sections(path)
    with pytest.raises(ValueError, match="is torn"):
        write_section("one", section(), path)


@pytest.mark.parametrize(
    "change",
    [
        lambda fields: fields.pop("rows"),
        lambda fields: fields.pop("date"),
        lambda fields: fields.update(extra=1),
        lambda fields: fields.update(rows=3),
        lambda fields: fields["rows"][0].pop("bound"),
        lambda fields: fields["rows"][0].update(ratio="2"),
        lambda fields: fields["rows"][0].update(seconds=None),
    ],
)
def test_a_file_of_something_else(path, change):
    write_section("one", section(), path)
    found = json.loads(path.read_text())
    change(found["one"])
    path.write_text(json.dumps(found))
    with pytest.raises(ValueError, match="is not as `make bench` writes it: "):
        read_sections(path)
    path.write_text("[1]")
    with pytest.raises(ValueError, match="is not as `make bench` writes it: "):
        read_sections(path)


def test_durations():
    given = (2.0, 1.76, 1.0, 0.0392, 0.00763, 0.000681, 2e-8)
    assert [duration(seconds) for seconds in given] == [
        "2 s",
        "1.76 s",
        "1 s",
        "39.2 ms",
        "7.63 ms",
        "681 µs",
        "20 ns",
    ]


def test_the_file_of_the_checkout_can_be_read():
    assert "cerebellum" in read_sections(FILE)
