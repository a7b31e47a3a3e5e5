"""Names of companies and people, brought to one spelling so that a filing, a book and a question meet.

Legal forms keep their meaning (Apple Inc is not Apple Ltd) but lose their variants; the short form is the name without legal
form, country, province or city in front, and brackets.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_FORMS = {"incorporated": "inc", "corporation": "corp", "company": "co", "companies": "cos", "limited": "ltd"}
_FORM_WORDS = frozenset(
    {"inc", "corp", "co", "cos", "ltd", "llc", "llp", "lp", "plc", "ag", "sa", "nv", "bv", "se", "gmbh", "holdings", "group"}
)
_CHINESE_FORMS = (
    "集团股份有限公司", "集团有限责任公司", "集团有限公司", "股份有限公司", "有限责任公司", "股份公司", "有限公司", "集团公司", "集团", "公司",
)  # fmt: skip
_PLACE = re.compile(
    r"^(?:中国|[\u4e00-\u9fff]{2,3}?(?:省|自治区|特别行政区))?(?:[\u4e00-\u9fff]{2,3}?市)?(?:[\u4e00-\u9fff]{2,3}?[区县])?"
    r"(?=[\u4e00-\u9fff]{3})"
)
_RUNS = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_BETWEEN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_BRACKETS = re.compile(r"[(（〔\[【].*?[)）〕\]】]")


@dataclass(frozen=True, slots=True)
class Borrower:
    """One borrower as the registry knows it now. `provisional`: named by a document only, no book knows it yet."""

    id: str
    name: str
    name_en: str | None = None
    aliases: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    registration_id: str | None = None
    type: str | None = None
    industry_code: str | None = None
    country_code: str | None = None
    group_id: str | None = None
    status: str | None = None
    officer_id: str | None = None
    branch_id: str | None = None
    region: str | None = None
    provisional: bool = False
    merged_into: str | None = None
    in_book: bool = False


def words(text: str) -> list[str]:
    """Lower-case runs of Latin letters and digits, or of Chinese characters, width and accents of width unified."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ").replace("'", "").replace("’", "")
    return _RUNS.findall(re.sub(r"(?<=\b[a-z])\.(?=[a-z]\b)", "", folded))


def normal_name(text: str) -> str:
    """One spelling per name: equal strings mean the same registered name."""
    joined = " ".join(_FORMS.get(word, word) for word in words(text) if word not in ("the", "and"))
    return _BETWEEN_CHINESE.sub("", joined)


def short_name(text: str) -> str:
    """The name people use: without brackets, legal form and the place in front. Never empty for a name that is not."""
    normal = normal_name(_BRACKETS.sub("", text)) or normal_name(text)
    kept = [word for word in normal.split() if word not in _FORM_WORDS] or normal.split()
    return " ".join(_chinese_core(word) for word in kept)


def label_key(label: str) -> str:
    """A statement's label without case, spacing and punctuation, as taught mappings are looked up."""
    return " ".join(words(label))


def is_spaced(normal: str) -> bool:
    """True when the name is written with spaces between words, so that it is found in a text only as whole words."""
    return bool(normal) and normal[0].isascii() and normal[-1].isascii()


def _chinese_core(word: str) -> str:
    if word.isascii():
        return word
    for form in _CHINESE_FORMS:
        if word.endswith(form) and len(word) - len(form) >= 2:
            word = word[: -len(form)]
            break
    return _PLACE.sub("", word, count=1) or word
