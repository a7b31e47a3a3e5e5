"""What a file is by what it says: kind, company named, registration number, its own date and period.

Words decide, not the file's name. The reader of a kind may know better later (a statement reader that finds the entity on the
statement itself); this is the first look, and the only one for papers kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.blocks import Reading
from ingestion.notes.vocabulary import load_note_words
from ingestion.papers.account_words import load_account_words
from ingestion.quantities import dates
from tools.domain.names import short_name
from tools.errors import RulebookError

FILE = Path(__file__).with_name("recognition.yaml")
KINDS = ("statement", "contract", "visit_note", "bank_flow", "bureau", "evidence", "other")
TOP = 1500
SAMPLE = 60_000
TITLE_LINES, TOP_LINES, LONGEST_TITLE = 12, 3, 48
TITLE_POINTS, MOVEMENT_POINTS = 8, 8
LEAST = 5
"""Points below which a file stays `other`: one strong word at the top, or two further down."""
USCI = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
USCI_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCI_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ZH_COMPANY = re.compile(r"[一-鿿（）()]{2,28}?(?:股份有限公司|有限责任公司|有限公司|股份公司|集团公司|合作社)")
ZH_LABEL = re.compile(
    r"(?:编制单位|单位名称|企业名称|公司名称|客户名称|借款人|户名|被走访企业|走访企业|走访对象|受访企业|购买方|纳税人名称)(?:[（(][^）)]{0,8}[）)])?\s*[:：|]\s*([一-鿿（）()·]{4,40})"
)
EN_COMPANY = re.compile(
    r"\b(?:[A-Z0-9][\w&'’.-]*,?\s+){1,6}?(?:Inc|INC|Corp|CORP|Corporation|CORPORATION|Ltd|LTD|Limited|LIMITED|LLC|L\.P|PLC|Plc|plc|Company|COMPANY|Co|CO|GmbH|AG|S\.A|N\.V)\b\.?"
)
FORM = re.compile(
    r"(?:Inc|INC|Corp|CORP|Ltd|LTD|Limited|LIMITED|LLC|L\.P|PLC|Plc|plc|Company|COMPANY|Co|CO|GmbH|AG|S\.A|N\.V)\b"
)
EN_LABEL = re.compile(
    r"\b(?:Company|Borrower|Customer|Client|Account name|Name of (?:company|registrant))\s*[:|]\s*([A-Z][\w&'’.,\- ]{2,60})"
)
REGISTRANT = re.compile(
    r"^[_\s]*(?!.*(?:Commission|File N))([^\n:#_]{3,58})[_\s]*\n\s*[(（]?Exact name of (?:the )?registrant", re.I | re.M
)
GENERIC = re.compile(
    r"^(?:The|Our|Parent|Holding|This|Non-\w+|Private|Public|Limited|Each|Such)\b.{0,12}\b(?:Company|COMPANY|Co|Limited|Corporation)$"
)
NO_NAME = re.compile(r"\bFile N(?:o|umber)|\bCommission\b|\bForm 10|\bISIN\b|股票代码|证券代码", re.I)
OTHERS = re.compile(r"银行|会计师|律师|证券|交易所|\bBank\b|\bBANK\b|\bLLP\b|Stock (?:Exchange|Market)|\bNasdaq\b", re.I)
VISITED = re.compile(r"\b(?:visit(?:ed)? to|visited)\s+((?:[A-Z][\w&'’.-]*\s?){1,6})")
LABELLED = re.compile(r"^(?:Borrower|Company|Customer|Client|Issuer|Guarantor|Obligor|Buyer|Seller|Supplier)\s+(?=[A-Z])")
"""The name of a form's cell that has lost its border."""
LONGEST_NOTE = 6000
NUMBERED = re.compile(
    r"[\s,，]*(?:no\.?|number|ref\.?|编号|合同号|第)\s*[:：]?\s*[\w（）()〔〕\[\]/.-]*\d[\w（）()〔〕\[\]/.-]*$"
)
"""A number of its own that a title may end with."""
WENT = re.compile(
    r"走访|去了|到了|下厂|实地|到访|看厂|上门|现场(?:所见|看|查)|\bvisit(?:ed|ing)?\b|\bcalled on\b|\bwalked (?:the|round|around)\b|\bwent to\b|\bI was at\b|\bwe were at\b",
    re.I,
)
WENT_AT_ONCE = re.compile(r"现场(?:检查|核查)|拜访|\bcall note\b|\bwalk-?through\b", re.I)
"""Words that tell of a visit only in the opening lines: further down a contract reserves the right to one."""
OPENING = 300
BINDING = re.compile(r"本(?:合同|协议)|\bthis (?:Agreement|Deed|Letter)\b", re.I)
LEAST_BINDING = 3
"""Prose that speaks of itself as a contract so often is one, wherever it lets the bank go and look."""
ON_THE_SPOT = frozenset({
    "lines_running", "lines_idle", "shifts", "headcount", "stock_book", "inventory_count", "goods_moving", "production_stopped",
    "access_refused",
})  # fmt: skip
STOP_WORDS = re.compile(r"^(?:本|该|贵|我|与|和|对|由|为|的|向|在|及|至|于|关于|根据|经)+")


@dataclass(frozen=True, slots=True)
class Recognised:
    """`entity` is the company's printed name; `registration_id` a USCI whose check digit holds."""

    kind: str
    points: Mapping[str, int]
    entity: str | None
    registration_id: str | None
    dated: date | None


@lru_cache(maxsize=4)
def load_kinds(path: Path = FILE) -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """(kind, strong, weak) patterns. Raises RulebookError naming the kind whose example fails."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries: Sequence[Mapping[str, Any]] = data["kinds"]
        kinds = tuple((entry["id"], _words(entry["strong"]), _words(entry["weak"])) for entry in entries)
        examples = [(entry["id"], text) for entry in entries for text in entry["examples"]["match"]]
    except (OSError, yaml.YAMLError, KeyError, TypeError, re.error) as error:
        raise RulebookError(
            f"the recognition words cannot be used: {error!r}", where=path.name, fix="Correct the entry"
        ) from error
    for kind, text in examples:
        found, points = _best(text, kinds)
        if found != kind:
            raise RulebookError(
                f"the example {text[:40]!r} of {kind} is taken for {found} {points}",
                where=path.name,
                fix="Correct the words or the example",
            )
    return kinds


def recognise(reading: Reading, lines: Sequence[str] = ()) -> Recognised:
    """The first look at a document. `lines` are its lines as printed, where joining them into paragraphs lost the line ends."""
    text = reading.text
    printed = list(lines[:TITLE_LINES]) or text.splitlines()[:TITLE_LINES]
    # what heads every page is no text of its own and may be the title: the lines as printed stand first
    kind, points = _best("\n".join([*lines[:TITLE_LINES], text]), load_kinds(), printed, lists_movements(reading, lines))
    if kind != "visit_note" and len(text) < LONGEST_NOTE and tells_of_a_visit(text):
        kind = "visit_note"
    head = text[:6000]
    return Recognised(kind, points, entity_in(lines or text.splitlines()), registration_in(head), _dated(reading, kind))


def tells_of_a_visit(text: str) -> bool:
    """Whether short prose says that someone went there and what stood or ran there: an officer's note without a form."""
    if not (WENT.search(text[:TOP]) or WENT_AT_ONCE.search(text[:OPENING])) or len(BINDING.findall(text)) >= LEAST_BINDING:
        return False
    told = {topic.id for topic in load_note_words().topics if any(pattern.search(text) for pattern, _ in topic.patterns)}
    return len(told) >= 2 and bool(told & ON_THE_SPOT)


def registration_in(text: str) -> str | None:
    """The first unified social credit code whose check digit is right."""
    return next((match.group() for match in USCI.finditer(text) if valid_usci(match.group())), None)


def valid_usci(code: str) -> bool:
    """GB 32100: weighted sum modulo 31."""
    if len(code) != 18 or any(sign not in USCI_SIGNS for sign in code):
        return False
    total = sum(USCI_SIGNS.index(sign) * weight for sign, weight in zip(code, USCI_WEIGHTS, strict=False))
    return USCI_SIGNS[(31 - total % 31) % 31] == code[17]


def entity_in(lines: Sequence[str]) -> str | None:
    """The company a paper is about, from its lines as printed: a labelled name, else the one named most and highest up.
    Banks, auditors and exchanges count only when nothing else is named."""
    head = "\n".join(lines[:80])[:6000]
    labelled = ZH_LABEL.search(head) or REGISTRANT.search(head) or EN_LABEL.search(head)
    if labelled:
        return labelled.group(1).strip(" ,.，")
    points: dict[str, int] = {}
    shown: dict[str, str] = {}
    for at, line in enumerate(lines[:3000]):
        for name in _companies(line):
            key = re.sub(r"[\W_]+", "", name).lower()
            shown.setdefault(key, name)
            whole = len(name) >= 0.8 * len(line.strip())
            points[key] = points.get(key, 0) + 1 + (2 if whole else 0) + (2 if at < 40 else 0)
    own = {key: value for key, value in points.items() if not OTHERS.search(shown[key])} or points
    if own:
        return shown[max(own, key=lambda key: own[key])]
    visited = VISITED.search(head)
    return visited.group(1).strip() if visited else None


def plausible_entity(name: str | None) -> bool:
    """Whether a printed name can be a company's: not a form number, not "the Group"."""
    if not name or not any(char.isalpha() for char in name) or NO_NAME.search(name) or GENERIC.match(name):
        return False
    return len(short_name(name)) >= 2 and short_name(name) not in (
        "group",
        "company",
        "parent",
        "集团",
        "公司",
        "本公司",
        "本集团",
    )


def _companies(line: str) -> list[str]:
    names: list[str] = []
    if "公司" in line or "合作社" in line:
        names += [STOP_WORDS.sub("", match.group()) for match in ZH_COMPANY.finditer(line)]
    if FORM.search(line):
        names += [" ".join(match.group().split()).rstrip(",") for match in EN_COMPANY.finditer(line)]
    names = [LABELLED.sub("", name) for name in names]
    return [name.strip("_ ") for name in names if len(name.strip("_ ")) >= 4 and not GENERIC.match(name)]


def lists_movements(reading: Reading, lines: Sequence[str]) -> bool:
    """Whether a header of a table of account movements is printed: a day, money in and out or an amount, and a balance."""
    words = load_account_words()
    heads = [block.cells for block in reading.blocks[:60] if block.cells] + [
        tuple(re.split(r"\s+", line)) for line in lines[:60]
    ]
    for cells in heads:
        roles = {role for cell in cells if (role := words.role(cell))}
        money = roles & {"in", "out", "debit", "credit", "amount"}
        if "balance" in roles and money and roles & {"date", "moment"} and len(roles) >= 4:
            return True
    return False


def _titled(strong: re.Pattern[str], lines: Sequence[str]) -> bool:
    """Whether a line near the top is little more than one of the words: the paper's own title."""
    for at, line in enumerate(lines):
        bare = NUMBERED.sub("", " ".join(line.lower().split())).strip(" :：—-_*#【】[]")
        for hit in strong.finditer(bare) if bare else ():
            ends = at < TOP_LINES and len(bare) <= LONGEST_TITLE and hit.end() == len(bare)
            if ends or len(hit.group()) * 2 >= len(bare):
                return True
    return False


def _best(
    text: str,
    kinds: Sequence[tuple[str, re.Pattern[str], re.Pattern[str]]],
    titles: Sequence[str] = (),
    movements: bool = False,
) -> tuple[str, dict[str, int]]:
    text = text[:SAMPLE].lower()
    top, body = text[:TOP], text[TOP:]
    points: dict[str, int] = {}
    for kind, strong, weak in kinds:
        points[kind] = 6 * _distinct(strong, top, 3) + 2 * _distinct(strong, body, 5) + _distinct(weak, text, 8)
        points[kind] += TITLE_POINTS * _titled(strong, titles) + MOVEMENT_POINTS * (movements and kind == "bank_flow")
    best = max(points, key=lambda kind: points[kind])
    return (best if points[best] >= LEAST else "other"), points


def _distinct(pattern: re.Pattern[str], text: str, most: int) -> int:
    """How many different words of `pattern` stand in `text` (lower case); looks no further once there are `most`."""
    found: set[str] = set()
    for match in pattern.finditer(text):
        word, start = match.group(), match.start()
        inside = word[0].isascii() and word[0].isalpha() and start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_")
        if not inside:
            found.add(word)
            if len(found) == most:
                break
    return len(found)


def _words(patterns: Sequence[str]) -> re.Pattern[str]:
    """One alternation over lower-case text. Each begins with its letters, so that pages are skipped fast; that a word begins there
    is asked of the match."""
    return re.compile("|".join(f"(?:{pattern.lower()})" for pattern in patterns))


def _dated(reading: Reading, kind: str) -> date | None:
    """The paper's own date: what the file states, else for notes and single papers the first full date near its top."""
    if reading.written is not None:
        return reading.written
    if kind == "statement":
        return None  # a statement's dates are its periods; when it was signed is somewhere at the end
    if kind in ("contract", "other") and (signed := _signature(reading)):
        return signed
    head = "\n".join(block.text for block in reading.blocks[:40])[:4000]
    return next((hit.day for hit in dates(head) if not hit.whole_month), None)


SIGNATURE_LINES = 14
LONGEST_SIGNATURE = 90
SIGNERS = (
    "日期",
    "时间",
    "公司",
    "分行",
    "支行",
    "银行",
    "Date",
    "Dated",
    "Branch",
    "Bank",
    "Limited",
    "Ltd.",
    "Ltd",
    "Inc.",
    "Inc",
    "Corp.",
    "LLC",
    "PLC",
    "plc",
)


def _signature(reading: Reading) -> date | None:
    """The day under a contract's signatures: a last line that is a date, or ends in one behind a name. Days in its clauses are terms."""
    lines = [line.strip() for block in reading.blocks for line in block.text.split("\n") if line.strip()]
    for line in reversed(lines[-SIGNATURE_LINES:]):
        hits = [hit for hit in dates(line) if not hit.whole_month]
        if len(hits) == 1 and len(line) <= LONGEST_SIGNATURE and not line[hits[0].end :].strip(" .。,，)）|"):
            before = line[: hits[0].start].rstrip()
            if not before or before[-1] in ",，:：|　)）" or before.endswith(SIGNERS):
                return hits[0].day
    return None
