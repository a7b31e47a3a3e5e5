"""Personal data leaves the bank masked: identity numbers, phones, accounts, e-mail addresses and names of people become tokens.

A model outside the bank sees `<PERSON-1>` where the papers say a name; its tool calls and its answer are turned back before anyone else
reads them, so the gate checks what the reader will see. A token it makes up stays as it is and fails the gate.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tools.domain.callers import LOCAL
from tools.toolbox.desk import Desk

PEOPLE_TABLES = ("relations", "guarantors", "mitigants")
_COMPANY = re.compile(
    r"公司|集团|厂|中心|银行|局|社$|店$|部$|院$|会$|基金|合伙|企业|\b(?:inc|ltd|llc|corp|co|company|limited|holdings?|group|bank|fund|plc|gmbh|partners?|trust)\b",
    re.IGNORECASE,
)
_HAN_NAME = re.compile(r"^[\u3400-\u9fff·]{2,6}$")
_LATIN_NAME = re.compile(r"^[A-Z][\w'’-]+(?: [A-Z][\w'’.-]*){1,3}$")
_ROLE = re.compile(
    r"(?:走访人|会见|陪同|联系人|法定代表人|法人代表|实际控制人|控制人|财务负责人|财务总监|客户经理|经办人|负责人|董事长|总经理|老板|股东|保证人|担保人)"
    r"(?:为|是|系)?[::：]?\s?(?P<name>[\u3400-\u9fff]{2,3}?)(?=[,，、；;。（(\s]|先生|女士|总|$)"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("EMAIL", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "ID",
        re.compile(
            r"(?<![\dA-Za-z.,])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
        ),
    ),
    (
        "PHONE",
        re.compile(
            r"(?<![\d.,A-Za-z*])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d.,]*\d)|(?<![\d.,-])0\d{2,3}-\d{7,8}(?![\d-])"
        ),
    ),
    ("ACCOUNT", re.compile(r"(?<![\d.,A-Za-z-])\d{4}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,4})?(?![\d]|[.,]\d|[A-Za-z])")),
    ("PASSPORT", re.compile(r"(?<![A-Za-z\d])[EGDSP][A-Z]?\d{7,8}(?![\dA-Za-z])")),
)
_TOKEN = re.compile(r"<(?:EMAIL|ID|PHONE|ACCOUNT|PASSPORT|PERSON)-\d+>")


@dataclass(slots=True)
class Mask:
    """Tokens of one question. `people`: names known to be people's; the same value always gets the same token."""

    people: tuple[str, ...] = ()
    tokens: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def hide(self, text: str) -> str:
        """`text` with tokens for personal data."""
        for kind, pattern in _PATTERNS:
            text = pattern.sub(lambda match, kind=kind: self._token(kind, match.group()), text)  # type: ignore[misc]
        names = {match["name"] for match in _ROLE.finditer(text) if not _COMPANY.search(match["name"])}
        known = sorted({*self.people, *names}, key=len, reverse=True)
        for name in known:
            if name in text:
                text = text.replace(name, self._token("PERSON", name))
        return text

    def reveal(self, text: str) -> str:
        """`text` with the values back in place of their tokens."""
        return _TOKEN.sub(lambda match: self.values.get(match.group(), match.group()), text)

    def hide_in(self, node: Any) -> Any:
        """The same for everything inside lists and mappings."""
        return _walk(node, self.hide)

    def reveal_in(self, node: Any) -> Any:
        """The reverse."""
        return _walk(node, self.reveal)

    def _token(self, kind: str, value: str) -> str:
        if value not in self.tokens:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            token = f"<{kind}-{self.counts[kind]}>"
            self.tokens[value], self.values[token] = token, value
        return self.tokens[value]


def _walk(node: Any, change: Any) -> Any:
    if isinstance(node, str):
        return change(node)
    if isinstance(node, Mapping):
        return {key: _walk(value, change) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_walk(item, change) for item in node]
    return node


def mask_for(desk: Desk) -> Mask:
    """A mask that knows the people around the borrowers the caller may see: controllers, representatives, guarantors, staff."""
    found: set[str] = set()
    for table in PEOPLE_TABLES:
        for row in desk.loan_book.rows(desk.caller, table, desk.clocks):
            found |= set(_people(row))
    # Names of all staff, whoever asks: they are only hidden, never shown.
    for row in desk.store.access.staff(LOCAL):
        if row.get("name"):
            found.add(str(row["name"]))
    return Mask(tuple(sorted(found, key=len, reverse=True)))


def _people(row: Mapping[str, Any]) -> Iterable[str]:
    for column in ("related_name", "name", "provider"):
        value = str(row.get(column) or "").strip()
        if value and not _COMPANY.search(value) and (_HAN_NAME.match(value) or _LATIN_NAME.match(value)):
            yield value


def is_outside(base_url: str | None) -> bool:
    """Whether a model's address lies outside the bank: a provider's own address, or a host that is neither loopback, private nor local."""
    host = urlsplit(base_url).hostname if base_url else None
    if not host:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return not (
            host == "localhost" or "." not in host or host.endswith((".local", ".internal", ".lan", ".intranet", ".corp"))
        )
    return not (address.is_private or address.is_loopback or address.is_link_local)
