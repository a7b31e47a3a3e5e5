"""The infix grammar: what it reads, what it refuses, and what missing and not-meaningful operands do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.domain import tree
from tools.domain.arithmetic import exp, ln, phi
from tools.domain.grammar import parse
from tools.domain.interpreter import PlainValues, run
from tools.domain.outcomes import Outcome
from tools.errors import RulebookError


def value(text: str, **values: Any) -> Outcome:
    return run(parse(text), PlainValues(values))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("8 - 3 - 2", 3),
        ("12 / 3 / 2", 2),
        ("-2 * -3", 6),
        ("1 + 2 < 4 and not 1 > 2", True),
        ("true or false and false", True),
        ("if 1 < 2 then 3 else 4 + 1", 3),
        ("2 * (if false then 3 else 4)", 8),
        ("min(3, 1, 2) + max(1, 2) + abs(0 - 4)", 7),
        ("order_backlog + andes + nothing", 6),
    ],
)
def test_strength_of_operators(text: str, expected: object) -> None:
    assert value(text, order_backlog=1, andes=2, nothing=3).value == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a +", "cannot be read"),
        ("", "cannot be read"),
        ("a < b < c", "cannot be read"),
        ("a.b", "cannot be read"),
        ("__import__('os')", "cannot be read"),
        ("a ** 2", "cannot be read"),
        ("if a > 1 then 2", "cannot be read"),
        ("open(a)", "unknown function"),
        ("avg(a, b)", "arguments"),
        ("first(a)", "arguments"),
        ("(a < b) + 1", "yes/no"),
        ("a and 3", "yes/no"),
        ("not a + 1", "yes/no"),
        ("if a + 1 then 2 else 3", "yes/no"),
        ("- " * 250 + "a", "nested"),
        ("a + " * 2000 + "a", "characters"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(RulebookError, match=message):
        parse(text)


def test_the_tree_is_plain_and_immutable() -> None:
    node = parse("a / (b - 1)")
    assert node == tree.Arithmetic("/", tree.Name("a"), tree.Arithmetic("-", tree.Name("b"), tree.Number(Decimal(1))))
    assert tree.names(parse("a + b * a")) == ("a", "b")
    assert hash(node) == hash(parse("a / (b - 1)"))


def test_missing_names_are_collected_and_win_over_not_meaningful() -> None:
    both = value("a / 0 + b + c", a=1)
    assert (both.missing, both.reason) == (("b", "c"), "")
    assert value("a / 0", a=1).reason == "zero_denominator"
    assert value("ln(0)").reason == "logarithm_of_nonpositive"
    assert value("exp(exp(100))").reason == "out_of_range"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x > 1 and false", False),
        ("false and x > 1", False),
        ("x > 1 and true", None),
        ("x > 1 or true", True),
        ("true or x > 1", True),
        ("x > 1 or false", None),
        ("not x > 1", None),
        ("missing(x)", True),
        ("missing(a)", False),
        ("missing(a / 0)", False),
        ("a / 0 > 1", None),
        ("missing(x) or x > 1", True),
    ],
)
def test_unknown_is_neither_yes_nor_no(text: str, expected: bool | None) -> None:
    assert value(text, a=1).value is expected


def test_an_unknown_says_why() -> None:
    assert value("x > 1 and y > 2").missing == ("x", "y")
    assert value("a / 0 > 1", a=1).reason == "zero_denominator"


def test_only_the_chosen_branch_is_asked_for() -> None:
    assert value("if a > 0 then a else x", a=2).value == 2
    assert value("if a > 0 then a else x", a=-2).missing == ("x",)
    assert value("if x > 0 then 1 else 2").missing == ("x",)


def test_first_takes_what_is_there_and_says_so() -> None:
    assert value("first(a, b)", a=1).flags == frozenset()
    second = value("first(a, b)", b=2)
    assert (second.value, second.flags) == (2, frozenset({"substitute_for:a"}))
    assert value("first(a, b)").missing == ("a", "b")
    assert value("first(a / 0, b)", a=1, b=2).reason == "zero_denominator"


def test_sum_present_adds_what_is_there() -> None:
    assert value("sum_present(a, b, c)", a=1, c=2).value == 3
    assert value("sum_present(a, b)").missing == ("a", "b")


def test_time_functions() -> None:
    assert value("prior(a)", a=[3, 2]).value == 2
    assert value("avg(a)", a=[3, 2]).value == Decimal("2.5")
    closing = value("avg(a)", a=3)
    assert (closing.value, closing.flags) == (3, frozenset({"end_of_period"}))
    assert value("avg(a)", a=[None, 2]).missing == ("a",)
    assert value("growth(a)", a=[3, 2]).value == Decimal("0.5")
    assert value("growth(a)", a=[3, 0]).reason == "base_not_positive"
    assert value("prior(prior(a))", a=[3, 2, 1]).value == 1


def test_yes_or_no_measures_and_mistaken_ones() -> None:
    assert value("flag and a > 0", flag=True, a=1).value is True
    assert value("flag + 1", flag=True).reason == "not_a_number"
    assert value("not a", a=1).reason == "not_a_truth"


def test_a_ratio_exactly_at_its_limit_is_at_its_limit() -> None:
    assert value("a / b <= 3.5", a=Decimal("8.05"), b=Decimal("2.3")).value is True
    assert value("a / b < 3.5", a=Decimal("8.05"), b=Decimal("2.3")).value is False


def test_known_values_of_the_transcendental_functions() -> None:
    assert str(phi(Decimal("1.96")))[:32] == "0.975002104851779565863415730959"
    assert str(phi(Decimal(0)))[:3] == "0.5"
    assert abs(phi(Decimal("-5")) - Decimal("2.8665157187919391167375233287464535385442301361187e-7")) < Decimal("1e-40")
    assert phi(Decimal(40)) == 1 and phi(Decimal(-40)) == 0
    assert str(ln(Decimal(2)))[:34] == "0.69314718055994530941723212145817"
    assert str(exp(Decimal(1)))[:34] == "2.71828182845904523536028747135266"


def texts(depth: int) -> st.SearchStrategy[str]:
    leaf = st.one_of(st.sampled_from(["a", "b", "c"]), st.integers(0, 99).map(str), st.decimals(0, 9, places=2).map(str))
    if depth == 0:
        return leaf
    inner = texts(depth - 1)
    return st.one_of(
        leaf,
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(st.sampled_from(["avg", "prior", "growth", "abs", "phi", "ln", "exp"]), inner).map(
            lambda p: f"{p[0]}({p[1]})"
        ),
        st.tuples(st.sampled_from(["min", "max", "first", "sum_present"]), inner, inner).map(
            lambda p: f"{p[0]}({p[1]}, {p[2]})"
        ),
        st.tuples(inner, st.sampled_from(["<", ">=", "==", "!="]), inner, inner, inner).map(
            lambda p: f"(if not ({p[0]} {p[1]} {p[2]}) or missing(a) then {p[3]} else {p[4]})"
        ),
    )


values = st.one_of(st.none(), st.integers(-1000, 1000), st.decimals(-10, 10, places=3))


@settings(max_examples=300, deadline=None)
@given(text=texts(3), given_=st.fixed_dictionaries({n: st.lists(values, min_size=1, max_size=3) for n in "abc"}))
def test_every_expression_ends_in_exactly_one_kind_of_outcome(text: str, given_: dict[str, list[Any]]) -> None:
    outcome = run(parse(text), PlainValues(given_))
    assert [outcome.value is not None, bool(outcome.missing), bool(outcome.reason)].count(True) == 1
    if isinstance(outcome.value, Decimal):
        assert outcome.value.is_finite()
    assert set(outcome.missing) <= {"a", "b", "c"}
