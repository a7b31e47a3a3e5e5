"""Companies an answer names that nothing found has named: a right number beside them would be somebody else's.

The gate knows the borrowers a caller may see; this catches the rest, invented or out of sight, by their legal form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.verification.gate import Unsupported

_HAN = re.compile(r"[\u4e00-\u9fff（）()·]{2,30}?(?:股份有限公司|有限责任公司|有限公司|股份公司|集团公司)")
_LATIN = re.compile(
    r"(?:[A-Z][\w&'’.-]*,? ){1,6}(?:Incorporated|Inc|Limited|Ltd|Corporation|Corp|PLC|plc|LLC|GmbH|AG|S\.A|Holdings)\b\.?"
)


def companies(text: str) -> Iterator[tuple[int, int, str]]:
    """Company names in full legal form with their places; words that merely stand before a name may be included."""
    for pattern in (_HAN, _LATIN):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), match.group()


def unknown_companies(text: str, known: Iterable[str]) -> list[Unsupported]:
    """Companies of `text` that stand in none of the `known` texts."""
    found = list(companies(text))
    if not found:
        return []
    pool = {_plain(name) for source in known for _, _, name in companies(source)} | {
        _plain(source) for source in known if len(source) < 80
    }
    pool.discard("")
    return [
        Unsupported("borrower", start, end, name, "nothing found names this company")
        for start, end, name in found
        if not any(_same(_plain(name), other) for other in pool)
    ]


def _same(name: str, other: str) -> bool:
    return name.endswith(other) or other.endswith(name)


def _plain(name: str) -> str:
    return re.sub(r"[\s.,()（）]", "", name).casefold()
