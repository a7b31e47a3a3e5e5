"""A contract cut into its numbered clauses, English ("6.10(d)") and Chinese (「第六条」, 「6.1」, 「（二）」).

Numbers are read from the text, so that a clause keeps its own name wherever it stands. An amendment that quotes a new
clause ("(d) Minimum Tangible Net Worth …") gives that clause the number the amendment says it replaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingestion.blocks import Block
from ingestion.readers.lines import LEADERS

CHINESE = "一二三四五六七八九十百零〇两"
ARTICLE = re.compile(r"^(?:SECTION|Section|ARTICLE|Article)\s+(?P<n>[IVXLC]+|\d{1,3})\b(?!\.\d)\.?\s*[:：.]?\s*")
SECTION = re.compile(
    r"^[\"“]?(?:SECTION\s+|Section\s+|§\s*|[（(]|第)?(?P<n>\d{1,2}(?:\.\d{1,3}){1,3})[A-Z]?[.、）)]?(?:(?:[条款]|项(?!目))(?=[\s一-鿿]))?(?=\s|[一-鿿])\s*"
)
TOP = re.compile(r"^(?P<n>\d{1,2})[.、．]\s+(?=[A-Z“\"])(?=[^.]{3,80}\.?)")
ZH_ARTICLE = re.compile(rf"^第\s*(?P<n>[{CHINESE}\d]{{1,5}})\s*条[、：:\s]*")
ZH_CHAPTER = re.compile(rf"^第\s*(?P<n>[{CHINESE}\d]{{1,4}})\s*[章节部]\s*")
ANNEX = re.compile(
    rf"^(?P<n>(?:附件|附表|附录)\s*[{CHINESE}\d]{{0,3}}|(?:SCHEDULE|Schedule|ANNEX|Annex|APPENDIX|Appendix|EXHIBIT|Exhibit)\s+(?:\d{{1,2}}|[A-Z]|[IVX]{{1,4}})\b)(?![^：:\s\-–—]*[中列项所])\s*[:：.\-–—]*\s*(?=[^。；;]{{0,60}}$)"
)
"""A schedule behind the clauses; a sentence that only names one is none."""
ZH_TOP = re.compile(rf"^(?P<n>[{CHINESE}]{{1,3}})、")
ZH_PART = re.compile(rf"^[（(](?P<n>[{CHINESE}]{{1,3}})[）)]")
ZH_POINT = re.compile(r"^(?P<n>\d{1,2})[、．](?!\d)|^(?P<m>\d{1,2})\.(?=[一-鿿])")
LETTER = re.compile(r"^[\"“]?\((?P<n>[a-z]{1,2}|[ivxl]{1,6}|[A-Z]|\d{1,2})\)\s*")
ZH_ROUND = re.compile(r"^[（(](?P<n>\d{1,2})[）)]")
ROMAN = re.compile(r"^[ivxl]+$")
TITLE_END = re.compile(r"(?<=[\w)\]’'”\"])\.(?:\s+|$)")
EDITED = re.compile(
    r"(?:Amendments?\s+(?:of|to)|Waivers?\s+of)\s+Section\s+(?P<n>\d{1,2}(?:\.\d{1,3}){1,3}(?:\([a-z0-9]+\))*)", re.I
)

OWN_NUMBER = re.compile(
    r"^[\s\"“「]*(?:§\s*)?[（(]?\s*(?:第\s*)?\d{1,2}(?:\s*[.．]\s*\d{1,3}){1,3}\s*[）)]?\s*(?:[条款]|项(?!目))?[、.．:：]?(?=[\sA-Za-z\"“「一-鿿])(?!\s*(?:倍|[x×]\b|times\b|per\b|to\b|%|或|以|及以|万|亿|元|百|千))"
)
CROSS_REFERENCE = re.compile(
    rf"\b(?:clauses?|sections?|articles?|paragraphs?|sub-?clauses?|schedules?|exhibits?|annex(?:es)?|items?)\s+[（(]?\d{{1,2}}(?:\.\d{{1,3}})*(?:\([a-z0-9]{{1,4}}\))*(?:(?:\s*,\s*|\s+(?:and|or|to)\s+)\d{{1,2}}(?:\.\d{{1,3}})+(?:\([a-z0-9]{{1,4}}\))*)*"
    rf"|§\s*\d{{1,2}}(?:\.\d{{1,3}})*|第\s*[（(]?[{CHINESE}\d.．]{{1,8}}[）)]?\s*[条款项章节](?:第?[（(]?[{CHINESE}\d.．]{{1,6}}[）)]?[款项])*",
    re.I,
)
"""Numbers that name a clause: the one printed before a sentence, and those that refer to another clause."""


def without_clause_numbers(text: str) -> str:
    """`text` of the same length with every number that names a clause blanked: such a number is never a limit."""
    return CROSS_REFERENCE.sub(_blank, OWN_NUMBER.sub(_blank, text))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


@dataclass(slots=True)
class Clause:
    """`number` is the full path as printed ("6.10(d)", 「第六条（二）」); `blocks` are its own text and table rows without
    those of its children; `edit` is "amendment" or "waiver" when it stands in one; `target` the clause that is edited."""

    number: str
    title: str
    depth: int
    page: int | None
    locator: str | None
    blocks: list[Block] = field(default_factory=list)
    parent: Clause | None = None
    edit: str = ""
    target: str = ""

    @property
    def text(self) -> str:
        """Its own words and rows, in order."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def path(self) -> str:
        """Number and title, for a heading."""
        return f"{self.number} {self.title}".strip()

    def lineage(self) -> list[Clause]:
        """The clause and its ancestors, innermost first."""
        out: list[Clause] = []
        node: Clause | None = self
        while node is not None:
            out.append(node)
            node = node.parent
        return out


def cut_clauses(blocks: Iterable[Block]) -> list[Clause]:
    """Clauses in order of appearance. Text before the first number forms the clause with number ""."""
    cutter = _Cutter()
    for block in blocks:
        cutter.take(block)
    return cutter.clauses


class _Cutter:
    def __init__(self) -> None:
        self.clauses: list[Clause] = [Clause("", "", 0, None, None)]
        self._stack: list[Clause] = [self.clauses[0]]
        self._last_letter = ""

    def take(self, block: Block) -> None:
        if LEADERS.search(block.text):
            return  # a line of a table of contents
        if block.role == "row":
            self._stack[-1].blocks.append(block)
            return
        found = self._number(block.text)
        if found is None:
            clause = self._stack[-1]
            if clause.number and not clause.title and len(clause.blocks) == 1 and len(clause.blocks[0].text) < 30:
                clause.title = _title(block.text) if len(block.text) < 90 else ""
            clause.blocks.append(block)
            return
        number, depth, rest = found
        title = _title(rest)
        while len(self._stack) > 1 and self._stack[-1].depth >= depth:
            self._stack.pop()
        parent = self._stack[-1]
        clause = Clause(self._full(parent, number, depth), title, depth, block.page, block.locator, [block], parent)
        self._mark_edit(clause, block.text)
        self.clauses.append(clause)
        self._stack.append(clause)

    def _number(self, text: str) -> tuple[str, int, str] | None:
        for pattern, depth, shape in (
            (ANNEX, 1, "{}"), (ZH_CHAPTER, 1, "第{}章"), (ZH_ARTICLE, 2, "第{}条"), (ARTICLE, 1, "{}"), (SECTION, 3, "{}"), (TOP, 1, "{}"),
            (ZH_TOP, 2, "{}、"), (ZH_PART, 5, "（{}）"),
        ):  # fmt: skip
            match = pattern.match(text)
            if match:
                number = match.group("n")
                if pattern is SECTION:
                    depth = 2 + number.count(".")
                return shape.format(number), depth, text[match.end() :]
        match = ZH_POINT.match(text) or ZH_ROUND.match(text)
        if match and re.search(r"[一-鿿]", text[:20]):
            number = match.groupdict().get("n") or match.groupdict().get("m") or ""
            return (f"（{number}）", 7, text[match.end() :]) if text[0] in "（(" else (f"{number}.", 6, text[match.end() :])
        match = LETTER.match(text)
        if match is None or not any(clause.depth for clause in self._stack):
            return None
        mark = match.group("n")
        return f"({mark})", self._letter_depth(mark), text[match.end() :]

    def _letter_depth(self, mark: str) -> int:
        """(a) before (i) before (A); "(i)" after "(h)" is a letter."""
        if mark.isdigit():
            return 9
        if mark.isupper():
            return 10
        follows = any(clause.depth == 7 and clause.number.endswith("(h)") for clause in self._stack) and mark == "i"
        return 8 if ROMAN.match(mark) and not follows and mark not in ("l",) else 7

    def _full(self, parent: Clause, number: str, depth: int) -> str:
        if number.startswith("(") or depth >= 5:
            base = parent.target if parent.edit == "amendment" and parent.target else parent.number
            if parent.edit == "amendment" and base.endswith(number):
                return base  # the amendment quotes the clause it replaces
            return f"{base}{number}"
        return number

    def _mark_edit(self, clause: Clause, text: str) -> None:
        parent = clause.parent
        match = EDITED.search(text[:160])
        if match:
            clause.edit = "waiver" if match.group(0).lower().startswith("waiver") else "amendment"
            clause.target = match.group("n")
        elif parent is not None and parent.edit:
            clause.edit = parent.edit
            clause.target = clause.number if clause.number == parent.target else parent.target


def _title(rest: str) -> str:
    """The run-in heading of a clause: up to its first full stop or colon when it reads like a title."""
    chinese = re.match(r"^([一-鿿、（）()]{2,20})(?:[：:\s]|$)", rest)
    if chinese:
        return chinese.group(1)
    end = TITLE_END.search(rest[:140])
    candidate = rest[: end.start()] if end else (rest if len(rest) <= 90 and "." not in rest else "")
    words = re.findall(r"[A-Za-z][\w’'-]*", candidate)
    if not words or len(words) > 16:
        return ""
    capital = sum(word[0].isupper() for word in words)
    return candidate.strip() if capital * 2 >= len(words) and candidate[:1].isupper() else ""
