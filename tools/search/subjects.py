"""Which documents a question speaks of by company: names are matched against what documents call themselves and what borrowers are called.

Inside the documents of one company its name says nothing about a page, so those words are left out there; across companies they say
nearly everything. A name fits when its first word stands in the question, or a word of its own that is written as a name, or four
Chinese characters in a row that no other company has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, Engine, func, select

from tools.domain.names import normal_name
from tools.search.tokens import STOP, tokens
from tools.store.schema import borrower_names, documents

SHORTEST = 2
HAN_RUN = 4
OWN_WORD = 4
MOST_DOCUMENTS = 40
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_FORMS = frozenset(
    {
        "inc",
        "corp",
        "co",
        "cos",
        "ltd",
        "llc",
        "llp",
        "lp",
        "plc",
        "ag",
        "sa",
        "nv",
        "bv",
        "se",
        "gmbh",
        "holdings",
        "group",
        "com",
    }
)
_FORMS_ZH = ("股份有限公司", "有限责任公司", "有限公司", "集团", "公司")


@dataclass(frozen=True, slots=True)
class Subject:
    """The names one document goes by, cut for matching."""

    sha256: str
    words: tuple[tuple[str, ...], ...]
    han: tuple[str, ...]
    year: int | None


@dataclass(slots=True)
class _Known:
    """Subjects of all documents, made again when documents or names were added."""

    stamp: tuple[int, int] = (-1, -1)
    subjects: dict[str, Subject] = field(default_factory=dict)
    firsts: Counter[str] = field(default_factory=Counter)
    runs: Counter[str] = field(default_factory=Counter)


class Subjects:
    """Names of documents, kept in memory; who may see which document is asked of the query each time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known = _Known()

    def named(self, query: str, visible: ColumnElement[bool]) -> list[Subject]:
        """Documents of the companies `query` names, among those `visible` (a condition on the documents table) admits."""
        with self._engine.connect() as connection:
            known = self._current(connection)
            wanted = [subject.sha256 for subject in known.subjects.values() if _fits(query, subject, known)]
            if not wanted or len(wanted) > MOST_DOCUMENTS:
                return []
            seen = connection.scalars(select(documents.c.sha256).where(documents.c.sha256.in_(wanted), visible)).all()
        return [known.subjects[sha256] for sha256 in wanted if sha256 in set(seen)]

    def of(self, condition: ColumnElement[bool]) -> list[Subject]:
        """The subjects of the documents a condition admits."""
        with self._engine.connect() as connection:
            known = self._current(connection)
            found = connection.scalars(select(documents.c.sha256).where(condition)).all()
        return [known.subjects[sha256] for sha256 in found if sha256 in known.subjects]

    def _current(self, connection: Connection) -> _Known:
        stamp = (
            connection.scalar(select(func.count()).select_from(documents)) or 0,
            connection.scalar(select(func.count()).select_from(borrower_names)) or 0,
        )
        if stamp != self._known.stamp:
            called: dict[str, list[str]] = {}
            for borrower, name in connection.execute(select(borrower_names.c.borrower_id, borrower_names.c.name)):
                called.setdefault(borrower, []).append(name)
            made = _Known(stamp)
            columns = (documents.c.sha256, documents.c.entity, documents.c.borrower, documents.c.period_end)
            for row in connection.execute(select(*columns)):
                names = [*called.get(row.borrower or "", ()), *([row.entity] if row.entity else [])]
                end = row.period_end
                # a year that ends in January or February is called by the year before
                year = None if end is None else end.year - 1 if end.month <= 2 else end.year
                made.subjects[row.sha256] = _subject(row.sha256, names, year)
            _count(made)
            self._known = made
        return self._known


def _subject(sha256: str, names: Iterable[str], year: int | None) -> Subject:
    words: dict[tuple[str, ...], None] = {}
    han: dict[str, None] = {}
    for name in names:
        cut = tuple(word for word in normal_name(name).split() if word.isascii() and word not in _FORMS)
        if cut:
            words[cut] = None
        for run in _HAN.findall(name):
            for form in _FORMS_ZH:
                run = run.removesuffix(form)
            if len(run) >= SHORTEST:
                han[run] = None
    return Subject(sha256, tuple(words), tuple(han), year)


def _count(known: _Known) -> None:
    """How many companies share a first word or a run of characters."""
    seen: set[tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = set()
    for subject in known.subjects.values():
        if (subject.words, subject.han) in seen:
            continue
        seen.add((subject.words, subject.han))
        known.firsts.update({word for name in subject.words for word in name})
        known.runs.update({name[at : at + HAN_RUN] for name in subject.han for at in range(len(name) - HAN_RUN + 1)})


def _fits(query: str, subject: Subject, known: _Known) -> bool:
    asked = set(normal_name(re.sub(r"['’]s\b", " ", query)).split())
    for name in subject.words:
        first = name[0]
        if (
            first in asked
            and first not in STOP
            and (len(first) >= SHORTEST)
            and (known.firsts[first] <= 3 or set(name) <= asked)
        ):
            return True
        if len(name) > 1 and set(name) <= asked:
            return True
        for word in name[1:]:
            written = re.search(rf"\b(?:{re.escape(word.capitalize())}|{re.escape(word.upper())})\b", query)
            if len(word) >= OWN_WORD and known.firsts[word] == 1 and word in asked and written:
                return True
    for run_name in subject.han:
        runs = {run_name[at : at + HAN_RUN] for at in range(len(run_name) - HAN_RUN + 1)}
        if any(run in query and known.runs[run] <= 3 for run in runs) or (
            SHORTEST <= len(run_name) < HAN_RUN and run_name in query
        ):
            return True
    return False


def company_tokens(query: str, subjects: Iterable[Subject]) -> frozenset[str]:
    """Tokens of `query` that only say which company is meant: words of its names, and the Chinese characters they share."""
    out: set[str] = set()
    for subject in subjects:
        for name in subject.words:
            out.update(token for word in name for token in tokens(word))
        for written in subject.han:
            for start in range(len(query) - SHORTEST + 1):
                end = start
                while end < len(query) and query[start : end + 1] in written:
                    end += 1
                if end - start >= min(HAN_RUN, len(written)):
                    # pairs that reach over the edge of the name say nothing either
                    out.update(tokens(query[max(start - 1, 0) : end + 1]))
    return frozenset(out)


def years_of(subjects: Iterable[Subject]) -> Mapping[str, int]:
    """Document → the year it reports on."""
    return {subject.sha256: subject.year for subject in subjects if subject.year is not None}
