"""The harness on a clock that the timed callables move themselves."""

import pytest
from click.testing import CliRunner

from benchmarks import __main__ as entry
from benchmarks import bench_pages, harness
from benchmarks.harness import (
    OURS,
    Benchmark,
    alternate,
    compare,
    line,
    measure,
    share,
    warning,
)
from helpers.records.benchmark import Row, read_sections, write_section


class Clock:
    """Stands still but for what is run."""

    def __init__(self):
        self.time = 0.0
        self.ran = []

    def __call__(self):
        return self.time

    def run(self, name, *seconds):
        """A callable that takes each of `seconds` in turn."""
        left = list(seconds)

        def run():
            self.ran.append(name)
            self.time += left.pop(0)

        return run


@pytest.fixture
def clock():
    return Clock()


def row(ratio=2.0, what="a", **change):
    return Row(**{"what": what, "ratio": ratio, "bound": 1.5, "side": "at least"} | TIMES | change)


TIMES = {"seconds": {"peer": 2.0, OURS: 1.0}}


def test_runs_take_turns_the_first_round_does_not_count_and_the_median_does(clock):
    runs = {"a": clock.run("a", 99, 1, 9, 2), "b": clock.run("b", 99, 4, 4, 5)}
    assert alternate(runs, 3, clock) == {"a": 2, "b": 4}
    assert clock.ran == ["a", "b"] * 4


def test_the_fastest_peer_counts(clock):
    runs = {"slow": clock.run("", 9, 9), OURS: clock.run("", 2, 2), "fast": clock.run("", 6, 6)}
    found = compare("x", runs, rounds=1, bound=3.5, aim=4, clock=clock)
    assert found == Row("x", 3.0, 3.5, "at least", {"slow": 9, OURS: 2, "fast": 6}, 4)
    assert not found.met


def test_at_most_is_ours_over_the_peer(clock):
    runs = {"peer": clock.run("", 4, 4), OURS: clock.run("", 5, 5)}
    found = compare("x", runs, rounds=1, bound=1.25, side="at most", clock=clock)
    assert (found.ratio, found.met) == (1.25, True)


def test_the_time_is_that_of_one_step(clock):
    runs = {"peer": clock.run("", 8, 8), OURS: clock.run("", 4, 4)}
    found = compare("x", runs, rounds=1, bound=1, steps=4, clock=clock)
    assert found.seconds == {"peer": 2, OURS: 1}
    assert found.ratio == 2


def test_numbers_are_kept_to_four_digits(clock):
    runs = {"peer": clock.run("", 1, 1), OURS: clock.run("", 3, 3)}
    found = compare("x", runs, rounds=1, bound=1, steps=7, clock=clock)
    assert found.ratio == 0.3333
    assert found.seconds == {"peer": 0.1429, OURS: 0.4286}


def test_bad_runs(clock):
    with pytest.raises(ValueError, match="runs are a, b; they may be 'ours' and a peer or more"):
        compare("x", {"a": print, "b": print}, rounds=1, bound=1)
    with pytest.raises(ValueError, match="runs are ours; they may be"):
        compare("x", {OURS: print}, rounds=1, bound=1)
    with pytest.raises(ValueError, match="rounds is 0"):
        alternate({"a": print}, 0)


def test_what_has_no_peer_has_a_limit():
    half = share("a page", 1.5, 3.0)
    assert (half.ratio, half.side, half.met) == (0.5, "at most", True)
    assert half.seconds == {OURS: 1.5, "limit": 3.0}
    assert not share("a page", 3.1, 3.0).met
    with pytest.raises(ValueError, match="limit is 0"):
        share("a page", 1.5, 0)
    with pytest.raises(ValueError, match="seconds is nan"):
        share("a page", float("nan"), 3.0)


def test_a_line_says_the_ratio_what_it_should_be_and_the_times():
    assert "2.00  (at least 1.5: met)  peer 2 s, ours 1 s" in line(row())
    assert "(at least 1.5, aim 3: met)" in line(row(aim=3))
    assert "(at least 1.5, aim 2: aim reached)" in line(row(aim=2))
    assert "(at most 1.5: MISSED)" in line(row(side="at most"))


def test_each_row_is_said_before_the_next_is_measured():
    said = []

    def rows():
        for number in range(1, 3):
            yield row(what=f"row {number}")
            assert said[-1].startswith(f"row {number}")

    section = measure(Benchmark("k = 4", "cpu", rows), load=0.1, say=said.append)
    assert [row.what for row in section.rows] == ["row 1", "row 2"]
    assert said[0].startswith(section.machine)
    assert "k = 4" in said[0]
    assert section.threads >= 1
    assert section.machine.endswith(f"{section.threads} thread{'s' * (section.threads > 1)}")
    assert set(section.versions) == {"Python", "torch", "numba"}
    assert section.date.endswith("Z")
    assert section.load == 0.1


def test_what_a_benchmark_times_besides_libraries_is_asked_for_behind_its_rows():
    asked = []

    def rows():
        asked.append("rows")
        yield row()

    def versions():
        asked.append("versions")
        return {"Chromium": "1.2"}

    section = measure(Benchmark("", "cpu", rows, versions), load=None, say=lambda line: None)
    assert asked == ["rows", "versions"]
    assert set(section.versions) == {"Python", "torch", "numba", "Chromium"}
    assert section.versions["Chromium"] == "1.2"


@pytest.mark.parametrize(
    ("load", "warns"), [(None, False), (0.0, False), (0.5, False), (1.9, True)]
)
def test_a_busy_machine_is_warned_of(load, warns):
    assert (warning(load) is not None) == warns


def test_a_load_that_nobody_knows(monkeypatch):
    def refused():
        raise OSError

    monkeypatch.setattr(harness.os, "getloadavg", refused)
    assert harness.load_now() is None
    monkeypatch.setattr(harness.os, "getloadavg", lambda: (1.234, 0, 0))
    assert harness.load_now() == 1.23


@pytest.fixture
def bench(monkeypatch, tmp_path):
    """The entry with benchmarks that take no time, and a file of its own."""
    path = tmp_path / "results.json"
    monkeypatch.setattr(entry, "FILE", path)
    monkeypatch.setattr(entry, "read_sections", lambda: read_sections(path))
    monkeypatch.setattr(entry, "write_section", lambda *given: write_section(*given, path))
    monkeypatch.setattr(
        entry,
        "bench",
        lambda name: Benchmark(name, "cpu", lambda: iter([row()]), lambda: {"of": name}),
    )
    monkeypatch.setattr(entry, "load_now", lambda: 3.0)
    monkeypatch.setattr(bench_pages, "obstacle", lambda: None)
    return path, lambda *names: CliRunner().invoke(entry.main, names)


def test_the_entry_warns_prints_and_writes(bench):
    path, run = bench
    done = run()
    assert done.exit_code == 0, done.output
    assert done.stderr.startswith("WARNING: the machine is not quiet: its load is 3,")
    assert "2.00  (at least 1.5: met)" in done.stdout
    assert list(read_sections(path)) == list(entry.NAMES)
    assert read_sections(path)["cerebellum"].load == 3.0
    assert read_sections(path)["pages"].versions["of"] == "pages"


def test_a_benchmark_that_there_is_not(bench):
    done = bench[1]("liver")
    assert done.exit_code == 2
    assert "'liver' is not" in done.output
    assert not bench[0].exists()


def test_a_file_that_cannot_be_kept_is_said_first(bench):
    path, run = bench
    path.write_text("{")
    done = run("cerebellum")
    assert done.exit_code == 1
    assert "is torn" in done.output
    assert "met" not in done.output
    assert path.read_text() == "{"


def test_every_benchmark_has_a_setting_a_device_and_rows():
    for name in entry.NAMES:
        found = entry.bench(name)
        assert found.setting
        assert found.device in ("cpu", "cuda")
        assert callable(found.rows)
        assert (found.versions is dict) == (name != "pages")


def test_without_a_gpu_its_benchmarks_are_left_out(bench, monkeypatch):
    path, run = bench
    monkeypatch.setattr(entry.torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(entry, "bench", lambda name: Benchmark(name, "cuda", lambda: iter([row()])))
    done = run()
    assert done.exit_code == 0
    assert "cerebellum: left out, it needs a GPU" in done.stdout
    assert not path.exists()
    named = run("cerebellum")
    assert named.exit_code == 1
    assert "cerebellum cannot run: it needs a GPU, and torch sees none here" in named.stderr


def test_what_cannot_run_is_said_before_anything_is_measured(bench, monkeypatch):
    path, run = bench
    monkeypatch.setattr(bench_pages, "obstacle", lambda: "there is no book")
    done = run()
    assert done.exit_code == 0
    assert done.stdout.startswith("pages: left out, there is no book\n")
    assert list(read_sections(path)) == [name for name in entry.NAMES if name != "pages"]
    path.unlink()
    named = run("cerebellum", "pages")
    assert named.exit_code == 1
    assert named.stderr == "Error: pages cannot run: there is no book\n"
    assert not path.exists()
