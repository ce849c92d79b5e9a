import dataclasses

import pytest

from helpers.cli.run import select
from helpers.code import code_hash
from helpers.records import append, key, plan, short


def test_all_metrics_of_a_run_without_a_record_are_missing(lab):
    plans = plan(lab.experiment, lab.configs, profile="paper", folder=lab.results)
    assert [planned.config for planned in plans] == lab.configs
    assert plans[0].wanted == {"a": 10, "b": 10}
    assert plans[0].minutes == 0.1
    assert plans[0].whole
    assert plans[0].key == key("fake/lab", lab.configs[0])


def test_what_is_there_is_not_missing_unless_on_fewer_images(lab, record):
    config = lab.configs[0]
    append(lab.path, record({"a": 1.0, "b": 1.0}, {"a": 10, "b": 9}, config), lab.cache)
    (planned,) = plan(lab.experiment, [config], profile="paper", folder=lab.results)
    assert planned.wanted == {"b": 10}
    assert not planned.whole
    (planned,) = plan(lab.experiment, [config], profile="laptop", folder=lab.results)
    assert planned.wanted == {}


def test_nobody_has_estimated_runs_at_smoke(lab):
    (planned,) = plan(lab.experiment, lab.configs[2:3], profile="smoke", folder=lab.results)
    assert planned.minutes == 0


def test_only_older_code_is_renewed_and_on_as_many_images(lab, record):
    config, today = lab.configs[0], code_hash("fakelab")
    append(lab.path, record({"a": 1.0}, {"a": 99}, config, code="old"), lab.cache)
    append(lab.path, record({"b": 1.0}, {"b": 10}, config, code=today), lab.cache)
    options = {"profile": "paper", "folder": lab.results}
    (planned,) = plan(lab.experiment, [config], **options)
    assert planned.wanted == {}
    (planned,) = plan(lab.experiment, [config], **options, renew=today)
    assert planned.wanted == {"a": 99}


def test_a_default_field_is_of_the_same_run(lab, record):
    append(lab.path, record({"a": 1.0, "b": 1.0}, config=lab.configs[0]), lab.cache)
    experiment = dataclasses.replace(lab.experiment, defaults={"bias": False})
    configs = [{**lab.configs[0], "bias": bias} for bias in (False, True)]
    plans = plan(experiment, configs, profile="paper", folder=lab.results)
    assert [bool(planned.wanted) for planned in plans] == [False, True]


def test_a_configuration_may_be_there_once(lab):
    configs = [lab.configs[0], dict(reversed(lab.configs[0].items()))]
    with pytest.raises(ValueError, match=r"configs hold .* twice"):
        plan(lab.experiment, configs, profile="paper", folder=lab.results)


def test_short_names_what_differs():
    configs = [{"k": 4, "ltd": True}, {"k": 4, "ltd": False}, {"k": 4, "ltd": False, "m": 1}]
    assert short(configs[0], configs) == "ltd=true"
    assert short(configs[2], configs) == "ltd=false m=1"
    assert short(configs[0], configs[:1]) == ""


def test_values_are_written_as_the_command_line_takes_them():
    configs = [{"beta": None, "target": "none"}, {"beta": 0.5, "target": "pixels"}]
    assert short(configs[0], configs) == "beta=null target=none"
    assert short(configs[1], configs) == "beta=0.5 target=pixels"
    for config in configs:
        named = short(config, configs).split()
        assert select(configs, named) == [config]
