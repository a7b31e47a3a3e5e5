"""Who a question names: the mentions that find_borrower answered with, those that are only words, and the one a reply picks.

Pure. A name nobody has, and one the caller may not see, are the same here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.analyst.conversation import Conversation, Pending
from assistant.analyst.lexicon import Lexicon
from assistant.analyst.marketwords import priced
from assistant.analyst.plans import Heard, Part
from assistant.analyst.reading import Reading, read
from assistant.analyst.strangers import strangers, without_strangers
from prompts.library import phrase_book
from tools.toolbox.artifacts import Artifact

WEAK = frozenset({"spelling", "sound", "initials"})
WEIGHTY = 2
PARTY = "party "
"""How a borrower was recognised by somebody beside it, before the table that names him."""
"""Lexicon strength from which a phrase is not a borrower's misspelt name."""
ORDINALS = {"第一": 0, "第二": 1, "第三": 2, "第四": 3, "第五": 4, "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4,
            "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "前者": 0, "后者": 1, "former": 0, "latter": 1}  # fmt: skip
OF_SOMEBODY = frozenset(
    {
        "passages",
        "unknown",
        "profile",
        "relations",
        "note_section",
        "visit",
        "letter",
        "changes",
        "events",
        "contradictions",
        "clauses",
        "documents",
    }
)
"""Frames in which a name that is no borrower's may be a person's, a ship's or a customer's that papers speak of."""


@dataclass(frozen=True, slots=True)
class Named:
    """A mention from find_borrower's artifact: where it stands and whom it may mean."""

    start: int
    end: int
    text: str
    ids: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """A loan, facility or collateral (`kind`) that find_borrower found by its number: where it stands, and whose it is."""

    start: int
    end: int
    kind: str
    id: str
    owner: str


def mentions_of(found: Artifact) -> list[Named]:
    """The mentions in a find_borrower artifact, in order of place."""
    spans: dict[tuple[int, int], Named] = {}
    for value in found.values:
        if value.name != "mention" or len(value.inputs) != 3:
            continue
        text, start, end = value.inputs[0], int(value.inputs[1]), int(value.inputs[2])
        known = spans.get((start, end))
        ids = (*(known.ids if known else ()), value.about)
        spans[(start, end)] = Named(start, end, text, ids, value.state)
    return sorted(spans.values(), key=lambda n: n.start)


def parties_in(found: Artifact, named: Sequence[Named]) -> list[Named]:
    """People and firms beside a borrower that find_borrower knows from the book; none where a borrower himself is named, unless
    that is only cut out of the longer name."""
    told = [v for v in found.values if v.name == "party" and len(v.inputs) == 3 and v.borrower]
    places = {(int(v.inputs[1]), int(v.inputs[2])) for v in told}
    longest = {a for a in places if not any(b != a and b[0] <= a[0] and a[1] <= b[1] for b in places)}
    if any(not any(a <= n.start and n.end <= b and b - a > n.end - n.start for a, b in longest) for n in named):
        return []
    return [
        Named(int(v.inputs[1]), int(v.inputs[2]), v.inputs[0], (v.borrower or "",), f"{PARTY}{v.state}")
        for v in told if (int(v.inputs[1]), int(v.inputs[2])) in longest
    ]  # fmt: skip


def numbered_in(found: Artifact) -> list[Numbered]:
    """What a find_borrower artifact knows by number, in order of place."""
    told = [v for v in found.values if v.name in ("loan", "facility", "collateral") and len(v.inputs) == 3 and v.borrower]
    return sorted(
        (Numbered(int(v.inputs[1]), int(v.inputs[2]), v.name, v.about, v.borrower or "") for v in told), key=lambda n: n.start
    )


def sensible(text: str, named: Sequence[Named], lexicon: Lexicon, as_of: date) -> list[Named]:
    """Without guesses by spelling or sound that fall on words with a meaning of their own, or are cut out of a longer name."""
    guessed = [n for n in named if n.how in WEAK]
    if guessed:
        sure = [(n.start, n.end) for n in named if n.how not in WEAK]
        kept = without_strangers(read(text, as_of, lexicon, sure), lexicon, [(n.start, n.end) for n in guessed])
        named = [n for n in named if n not in guessed or (n.start, n.end) in kept]
    hits = [h for h in lexicon.find(text) if lexicon.strongest(h) >= WEIGHTY]

    many = any("portfolio" in h.ids("cue") for h in hits)

    def another_word(mention: Named) -> bool:
        over = [h for h in hits if mention.start < h.end and h.start < mention.end]
        if mention.how in WEAK:
            return bool(over)
        if mention.how == "part" and priced(text[mention.end :]):
            return True  # "光伏组件现在什么价": the goods, not who makes them
        if mention.how == "part" and re.search(r"\b(?:in|around) $", text[: mention.start]):
            return True  # a place that stands in a name too
        if mention.how == "part" and (len(mention.ids) > 1 or many) and re.search(r"\bfrom $", text[: mention.start]):
            return True
        if (
            mention.how == "part"
            and len(mention.ids) > 1
            and (re.match(r"这边|那边|这里|那里|地区|当地|一带|片区|市", text[mention.end :]) or many)
        ):
            return True  # a place that several of them lie in
        if mention.how == "part" and re.match(r"\s?(?:分行|支行|branch\b)", text[mention.end :]):
            return True  # the bank's own branch there
        return mention.how == "part" and any(h.start <= mention.start and mention.end <= h.end for h in over)

    return [mention for mention in named if not another_word(mention)]


def without_others(
    text: str, named: Sequence[Named], names: Mapping[str, str], known: Sequence[tuple[int, int]]
) -> list[Named]:
    """Without parts of names that go on as another firm's: "江州华联商贸" is not one of the firms that begin with "江州", nor is
    "恒川集团" a firm of that name's first word that is no group. `names`: each borrower's names in one text; `known`: words with a meaning."""
    trades = "|".join(sorted(phrase_book("names")["strangers"]["trades"], key=len, reverse=True))
    follows = re.compile(rf"(?:(?![和与跟同及或比的在是有把给对向到被由从])[\u3400-\u9fff]){{0,4}}?(?:{trades}|集团)")

    def another(mention: Named) -> bool:
        if mention.how != "part" or mention.text.isascii():
            return False
        match = follows.match(text, mention.end)
        if match is None or any(mention.end <= other.start < match.end() for other in named):
            return False
        if any(mention.end <= a < match.end() - 1 and text[a:b] != "集团" for a, b in known):
            return False
        return not any(match.group() in names.get(id, "") for id in mention.ids)

    return [mention for mention in named if not another(mention)]


def chosen_by(text: str, named: Sequence[Named], pending: Pending) -> str | None:
    """The choice a reply picks: by number, by name, or None when the reply is something else."""
    for mention in named:
        both = [id for id in mention.ids if id in pending.choices]
        if len(both) == 1 and len(text) - (mention.end - mention.start) <= 8:
            return both[0]
    if len(text) <= 24:
        for word, place in ORDINALS.items():
            if word in text.lower() and place < len(pending.choices) and not named:
                return pending.choices[place]
    return None


_PERSON = re.compile(r"[\u3400-\u9fff]{3}|[A-Z][a-z'-]+ (?:[A-Z]\. )?[A-Z][a-z'-]+")
"""A name as people have them."""


OF_SURETIES = frozenset({"guarantor", "guarantee_given", "relations", "events"})
"""Cues of questions in which a name that is no borrower's may be that of somebody who stands behind one."""


def absent(reading: Reading, frame: str, said: str) -> Part:
    """Nobody is called so; papers may still speak of somebody or something that is."""
    thing = re.search(rf"\bthe {re.escape(said)}\b", reading.text, re.IGNORECASE) is not None
    may = (
        frame in OF_SOMEBODY
        or _PERSON.fullmatch(said) is not None
        or thing
        or bool(reading.cues & {"say", "notes", "narrative", "their_word", "note_people"})
    ) and len(said) > 1
    return Part("mention" if may else "not_found", reading, (), (), {"said": said, "wanted": frame})


def nobody(reading: Reading, frame: str, lexicon: Lexicon) -> str:
    """The name nobody has that a question over many borrowers, or one not understood, was really about."""
    if not frame.startswith("portfolio_") and frame not in ("unknown", "concentration", "pending"):
        return ""
    found = strangers(reading, lexicon)
    sure = [one.text for one in found if one.plain]
    loosely = frame == "unknown" and any(one.end - one.start < len(reading.text.strip(" ?？。.!！")) for one in found)
    return next(iter(sure), "" if "portfolio" in reading.cues or loosely or not found else found[0].text)


def heard_in(named: Sequence[Named], memory: Conversation) -> tuple[list[Heard], Named | None]:
    """Borrowers meant; the first mention that may mean several, unless the thread already speaks of exactly one of them."""
    heard: list[Heard] = []
    for mention in named:
        ids = mention.ids
        if len(ids) > 1:
            known = [id for id in ids if id in memory.focus]
            if len(known) != 1:
                return heard, mention
            ids = (known[0],)
        if ids[0] not in [h.id for h in heard]:
            heard.append(Heard(ids[0], mention.how, mention.text))
    return heard, None
