"""Statement titles: which statement a line announces, for whom, and whether it goes on from the page before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingestion.statements.vocabulary import compact, words

MAX_TITLE = 150
_ENUMERATOR = re.compile(
    r"^[\s(（]*(?:第?[一二三四五六七八九十]{1,3}[)）、.．节章\s]|\d{1,2}[)）、.．](?!\d)|[ivx]{1,4}[.)])\s*[)）、.．]*"
)
_CJK = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Title:
    """`kind`: balance_sheet, income_statement, cash_flow, comprehensive or equity. `scope` is None when the line does not
    say; `both` when one table holds consolidated and parent columns. `weak`: a summary, used only for want of better."""

    kind: str
    scope: str | None
    continued: bool = False
    both: bool = False
    weak: bool = False
    year_to_date: bool = False


def title_of(text: str) -> Title | None:
    """The title printed as `text` (one to three joined lines), or None for anything else."""
    if not 3 <= len(text) <= MAX_TITLE:
        return None
    lowered = text.lower()
    chinese = bool(_CJK.search(text))
    if not chinese and not any(hint in compact(lowered) for hint in ("statement", "balancesheet", "cashflow", "account")):
        return None
    if chinese and not re.search(r"表|[账賬]|综合收益|綜合", text):
        return None
    bare = _ENUMERATOR.sub("", text.strip())
    vocabulary = words()
    if vocabulary.title_not.search(bare.lower()) or bare.rstrip().endswith((".", "。", ",", "，", ";")):
        return None
    tight = compact(bare)
    for kind, pattern in vocabulary.titles:
        match = pattern.search(tight)
        if match is None:
            continue
        if not _is_headline(bare, tight, match, chinese):
            return None
        return Title(kind, *_about(tight, chinese))
    return None


def _is_headline(bare: str, tight: str, match: re.Match[str], chinese: bool) -> bool:
    if chinese:
        rest = tight[match.end() :]
        if len(tight) - (match.end() - match.start()) > 34 or len(rest) > 26:
            return False
        head = tight[: match.start()]
        return (
            not head
            or bool(
                re.search(r"(?:合并|综合|母公司|公司|银行|集团|报告期末?|中期|简明|比较|及|年度|经审计|未经审计|[)）:])$", head)
            )
            or bool(re.fullmatch(r"[\d年月日至—\-.、()第]*", head))
        )
    if bare[:1].islower() and not bare[:8].lower().startswith(("continued",)):
        return False
    if re.search(r"[.;?!] +[A-Z]|, (?:and )?the |\d{1,3}(?:,\d{3})+", bare):
        return False
    return len(bare.split()) <= 22


def _about(tight: str, chinese: bool) -> tuple[str | None, bool, bool, bool, bool]:
    vocabulary = words()
    parent = bool(vocabulary.title_scope["parent"].search(tight))
    whole = bool(vocabulary.title_scope["consolidated"].search(tight))
    both = (
        parent
        and whole
        and bool(re.search(r"合并及|合并和|及母?公司|和母公司|groupand(?:the)?(?:parent|company)|consolidatedandparent", tight))
    )
    scope = None if both else "parent" if parent and not whole else "consolidated" if whole else "parent" if parent else None
    if parent and whole and not both:
        scope = "parent" if not chinese or tight.startswith(("母公司", "公司")) else "consolidated"
    ytd = bool(re.search(r"年初[到至]", tight))
    return scope, bool(vocabulary.continued.search(tight)), both, bool(vocabulary.title_weak.search(tight)), ytd
