"""Lark at work on grammar.lark: text in, unchecked tree out. Imported only when something has to be parsed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from lark import Lark, Token, Transformer, UnexpectedInput

from tools.domain import tree
from tools.errors import RulebookError


class _Builder(Transformer[Token, tree.Node]):
    """Lark calls one of these for each rule, children first."""

    def number(self, children: list[Any]) -> tree.Node:
        return tree.Number(Decimal(str(children[0])))

    def yes(self, _: list[Any]) -> tree.Node:
        return tree.Truth(True)

    def no(self, _: list[Any]) -> tree.Node:
        return tree.Truth(False)

    def name(self, children: list[Any]) -> tree.Node:
        return tree.Name(str(children[0]))

    def minus(self, children: list[Any]) -> tree.Node:
        return tree.Minus(children[0])

    def negation(self, children: list[Any]) -> tree.Node:
        return tree.Negation(children[0])

    def arithmetic(self, children: list[Any]) -> tree.Node:
        return tree.Arithmetic(str(children[1]), children[0], children[2])

    def comparison(self, children: list[Any]) -> tree.Node:
        return tree.Comparison(str(children[1]), children[0], children[2])

    def both(self, children: list[Any]) -> tree.Node:
        return tree.Both(children[0], children[1])

    def either(self, children: list[Any]) -> tree.Node:
        return tree.Either(children[0], children[1])

    def choice(self, children: list[Any]) -> tree.Node:
        return tree.Choice(children[0], children[1], children[2])

    def call(self, children: list[Any]) -> tree.Node:
        return tree.Call(str(children[0]), tuple(children[1:]))


_LARK = Lark.open_from_package(__name__, "grammar.lark", parser="lalr", transformer=_Builder())


def parsed(text: str) -> tree.Node:
    """The tree of `text`. Raises RulebookError showing where reading stopped."""
    try:
        return cast(tree.Node, _LARK.parse(text))
    except UnexpectedInput as error:
        place = error.pos_in_stream or 0
        near = text[max(0, place - 20) : place + 20].strip() or "the end"
        raise RulebookError(f"cannot be read near {near!r}", where=repr(text), fix="See tools/domain/grammar.py") from error
