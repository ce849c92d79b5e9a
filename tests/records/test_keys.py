import hashlib

import pytest

from helpers.records import key, matches


def test_the_key_is_the_hash_of_experiment_and_config():
    text = '["cerebellum/mnist",{"beta":null,"k":4,"lr":0.5,"ltd":true,"model":"cnn"}]'
    config = {"model": "cnn", "k": 4, "ltd": True, "beta": None, "lr": 0.5}
    assert key("cerebellum/mnist", config) == hashlib.sha256(text.encode()).hexdigest()[:16]


def test_the_order_of_fields_does_not_matter():
    assert key("e", {"a": 1, "b": 2}) == key("e", {"b": 2, "a": 1})


def test_a_whole_number_is_the_same_written_either_way():
    assert key("e", {"a": 1.0}) == key("e", {"a": 1})


@pytest.mark.parametrize("other", [2, True, "1", None, 1.5])
def test_other_values_have_other_keys(other):
    assert key("e", {"a": other}) != key("e", {"a": 1})


def test_another_experiment_has_another_key():
    assert key("e", {"a": 1}) != key("f", {"a": 1})


def test_a_field_at_its_default_is_left_out():
    assert key("e", {"a": 1, "bias": False}, {"bias": False}) == key("e", {"a": 1})
    assert key("e", {"a": 1, "bias": True}, {"bias": False}) != key("e", {"a": 1})
    # 0 equals False in Python, but not in a record.
    assert key("e", {"a": 1, "bias": 0}, {"bias": False}) != key("e", {"a": 1})


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), [1], {"b": 1}, (1,), b"x", object], ids=repr
)
def test_a_value_that_is_not_plain_is_refused(value):
    with pytest.raises(ValueError, match=r"config\['a'\] is .*; it may be text"):
        key("e", {"a": value})


def test_matches_is_a_subset_in_which_true_is_not_one():
    config = {"k": 4, "ltd": True, "beta": None}
    assert matches(config, {})
    assert matches(config, {"k": 4.0, "beta": None})
    assert not matches(config, {"ltd": 1})
    assert not matches(config, {"k": 5})
    assert not matches(config, {"m": None})
