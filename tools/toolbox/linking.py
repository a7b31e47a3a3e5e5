"""Which borrowers a text names: ids, full and short names, aliases, parts of names, slips of the keyboard, pinyin.

The index holds only borrowers the caller may see, so a name he may not see is as unknown as one that does not exist. A part
of a name counts when it is the company's own word (字号), never when it only says the trade ("机械", "holdings").
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from prompts.library import phrase_book, simplified
from tools.domain.names import Borrower, normal_name, short_name, words
from tools.toolbox.patches import Patch, patches_of

_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_LATIN_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9&.'’]*")
_NAME_AND_YEAR = re.compile(r"([A-Za-z&]{2,}?)(?:FY)?(?:(?:19|20)?\d{2})(?:[HhQq][1-4])?", re.ASCII)
"""A name with a year right behind it: "SLS25年", "SLS2025H1"."""
_SPOKEN_OF = re.compile(
    r"(?:^|[?.!,;:]|\b(?:the|our|that|this|a|of|for|on|and|vs|to|at|with))\s*(?:two |three |four )?$", re.IGNORECASE
)
_MIXED = re.compile(r"(?<![A-Za-z])(?P<letters>[A-Za-z]{2,4})(?P<han>[\u3400-\u9fff]{2,8})", re.ASCII)
_ID = re.compile(r"\b[A-Za-z]{1,4}-?[0-9A-Fa-f]{1,12}\b|\b\d{15}\b|\b[0-9A-HJ-NPQRTUWXY]{18,20}\b", re.ASCII)
HEAD = 4
"""How far into a Chinese short name its own word starts at the latest (a place of two or three characters may stand before)."""
BORDERS = (0, 2, 3)
"""Where a company's own word may begin in its short name: at once, or behind a place of two or three characters."""
CLOSE = 86
"""rapidfuzz ratio from which two spellings are one name with a slip."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A borrower a mention may mean. `how`: id, name, part, spelling, sound or initials; `score` up to 100."""

    borrower: Borrower
    how: str
    score: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the text that names somebody. Several candidates of one score: ambiguous."""

    start: int
    end: int
    text: str
    candidates: tuple[Candidate, ...]

    @property
    def sure(self) -> Borrower | None:
        """The only borrower meant, or None."""
        return self.candidates[0].borrower if len(self.candidates) == 1 else None


def fold(text: str) -> str:
    """One width, plain quotes, lower case, same length rules as NFKC: what names and texts are compared in."""
    return simplified(unicodedata.normalize("NFKC", text)).replace("’", "'").casefold()


class NameIndex:
    """Built once for a set of borrowers; all look-ups are by dictionary, so it holds for ten thousand names."""

    def __init__(self, borrowers: Iterable[Borrower], officers: Mapping[str, str] | None = None) -> None:
        self.borrowers = tuple(borrowers)
        self._officers = officers or {}
        generic = phrase_book("names")["generic"]
        self._generic_zh: frozenset[str] = frozenset((*generic["zh"], *phrase_book("names")["strangers"]["trades"]))
        self._generic_en: frozenset[str] = frozenset(generic["en"])
        self._fillers: frozenset[str] = frozenset(phrase_book("names")["strangers"]["grammar"])
        self._trades: frozenset[str] = frozenset(phrase_book("names")["spoken_trades"])
        self._openers: frozenset[str] = frozenset(phrase_book("names")["openers"])
        self._legal: frozenset[str] = frozenset(phrase_book("names")["legal_en"])
        self._ids: dict[str, int] = {}
        self._names: dict[str, set[int]] = defaultdict(set)
        self._pairs: dict[str, set[int]] = defaultdict(set)
        self._word_heads: dict[str, set[int]] = defaultdict(set)
        self._cores: list[tuple[str, ...]] = []
        self._latin: list[tuple[tuple[str, ...], ...]] = []
        for index, borrower in enumerate(self.borrowers):
            self._add(index, borrower)
        self._longest = max((len(name) for name in self._names), default=0)

    @cached_property
    def patches(self) -> tuple[Patch, ...]:
        """Places, branches and officers these borrowers belong to."""
        return patches_of(self.borrowers, self._officers)

    @cached_property
    def registered(self) -> dict[str, str]:
        """Normal registered name, Chinese or English → the borrower's id; a name that two share means neither."""
        known: dict[str, set[str]] = defaultdict(set)
        for one in self.borrowers:
            for name in (one.name, one.name_en):
                if name:
                    known[normal_name(name)].add(one.id)
        return {name: min(ids) for name, ids in known.items() if len(ids) == 1}

    def _add(self, index: int, borrower: Borrower) -> None:
        for key in (borrower.id, borrower.registration_id):
            if key:
                self._ids[key.casefold()] = index
        cores: dict[str, None] = {}
        latin: dict[tuple[str, ...], None] = {}
        for name in (borrower.name, borrower.name_en or "", *borrower.aliases, *borrower.short_names):
            folded = fold(name).strip()
            if not folded:
                continue
            if _HAN_RUN.search(folded):
                short = simplified(short_name(name)).replace(" ", "")
                self._names[re.sub(r"\s+", "", folded)].add(index)
                if len(short) > 1 and short not in self._generic_zh:
                    self._names[short].add(index)
                    cores[short] = None
            else:
                spoken = tuple(words(name))
                kept = tuple(word for word in spoken if word not in self._legal) or spoken
                latin[kept] = None
                self._names[" ".join(spoken)].add(index)
                if kept != spoken and (len(kept) > 1 or kept[0] not in self._generic_en):
                    self._names[" ".join(kept)].add(index)
        for core in cores:
            for place in range(len(core) - 1):
                self._pairs[core[place : place + 2]].add(index)
        for kept in latin:
            for word in kept[:2]:
                if word not in self._generic_en:
                    self._word_heads[word].add(index)
        self._cores.append(tuple(cores))
        self._latin.append(tuple(latin))

    def mentions(self, text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Mention]:
        """Borrowers named in `text`, in order. `taken` spans mean something else (a metric, a period) unless a whole name covers them."""
        text = simplified(text)
        found = list(self._exact(text))
        hidden = [(m.start, m.end) for m in found]
        found += self._parts(text, [*hidden, *taken])
        if not found:
            found += self._slips(text, [*hidden, *taken])
        return _merged(sorted(found, key=lambda m: m.start))

    def full_names(self, text: str) -> list[Mention]:
        """Only ids and whole names: what a text certainly says, without looking for parts and slips."""
        return list(self._exact(text))

    def _candidates(self, indexes: Iterable[int], how: str, score: int) -> tuple[Candidate, ...]:
        return tuple(Candidate(self.borrowers[i], how, score) for i in sorted(indexes))

    def _exact(self, text: str) -> Iterator[Mention]:
        taken: list[tuple[int, int]] = []
        for match in _ID.finditer(text):
            index = self._ids.get(match.group().casefold())
            if index is not None:
                taken.append(match.span())
                yield Mention(match.start(), match.end(), match.group(), self._candidates([index], "id", 100))
        for match in _HAN_RUN.finditer(text):
            yield from self._exact_han(text, match.start(), match.end(), taken)
        yield from self._exact_latin(text, taken)

    def _exact_han(self, text: str, first: int, last: int, taken: list[tuple[int, int]]) -> Iterator[Mention]:
        place = first
        while place < last:
            for end in range(min(len(text), place + self._longest), place + 1, -1):
                piece = text[place:end]
                owners = self._names.get(re.sub(r"\s+", "", fold(piece)))
                if owners and not any(place < b and a < end for a, b in taken):
                    taken.append((place, end))
                    yield Mention(place, end, piece, self._candidates(owners, "name", 100))
                    place = end - 1
                    break
            place += 1

    def _exact_latin(self, text: str, taken: list[tuple[int, int]]) -> Iterator[Mention]:
        spoken = list(_LATIN_WORD.finditer(text))
        norms = [" ".join(words(re.sub(r"['’]s$", "", match.group().rstrip(".")))) for match in spoken]
        place = 0
        while place < len(spoken):
            for size in range(min(9, len(spoken) - place), 0, -1):
                first, last = spoken[place], spoken[place + size - 1]
                key = " ".join(norms[place : place + size])
                owners = self._names.get(key) or self._ids_of(key)
                if owners and not any(first.start() < b and a < last.end() for a, b in taken):
                    if size == 1 and (key in self._generic_en or len(key) < 2):
                        continue
                    if (
                        place
                        and first.start() - spoken[place - 1].end() == 1
                        and self._goes_before(norms[place - 1], norms[place], owners)
                    ):
                        continue
                    yield Mention(
                        first.start(), last.end(), text[first.start() : last.end()], self._candidates(owners, "name", 100)
                    )
                    place += size - 1
                    break
            else:
                yield from self._before_a_year(text, spoken[place], taken)
            place += 1

    def _goes_before(self, one: str, other: str, owners: set[int]) -> bool:
        """Two words that begin another's name: "Haining Mingyuan" is not who is called Mingyuan alone."""
        heads = self._word_heads.get(one, set()) - owners
        return any(kept[:2] == (one, other) for index in heads for kept in self._latin[index])

    def _before_a_year(self, text: str, word: re.Match[str], taken: Sequence[tuple[int, int]]) -> Iterator[Mention]:
        joined = _NAME_AND_YEAR.fullmatch(word.group())
        if joined is None or any(word.start() < b and a < word.end() for a, b in taken):
            return
        owners = self._names.get(" ".join(words(joined.group(1))))
        if owners and joined.group(1).casefold() not in self._generic_en:
            end = word.start() + joined.end(1)
            yield Mention(word.start(), end, text[word.start() : end], self._candidates(owners, "name", 100))

    def _ids_of(self, key: str) -> set[int]:
        index = self._ids.get(key)
        return set() if index is None else {index}

    def _parts(self, text: str, hidden: Sequence[tuple[int, int]]) -> Iterator[Mention]:
        yield from self._han_parts(text, hidden)
        yield from self._latin_parts(text, hidden)

    def _han_parts(self, text: str, hidden: Sequence[tuple[int, int]]) -> Iterator[Mention]:
        place = 0
        while place < len(text) - 1:
            owners = self._pairs.get(text[place : place + 2])
            if not owners or any(place < b and a < place + 2 for a, b in hidden):
                place += 1
                continue
            best: dict[int, tuple[int, int]] = {}
            for index in owners:
                for core in self._cores[index]:
                    offset = core.find(text[place : place + 2])
                    size = 2
                    while place + size < len(text) and core.startswith(text[place : place + size + 1], offset):
                        size += 1
                    if offset >= 0 and size > best.get(index, (0, 0))[0]:
                        best[index] = (size, offset)
            longest = max((size for size, _ in best.values()), default=0)
            piece = text[place : place + longest]
            meant = {i for i, (size, offset) in best.items() if size == longest and self._names_somebody(piece, offset)}
            if meant:
                yield Mention(place, place + longest, piece, self._candidates(meant, "part", 90))
                place += longest
            else:
                place += 1

    def _names_somebody(self, piece: str, offset: int) -> bool:
        if offset > HEAD or piece in self._generic_zh:
            return False
        rest = piece
        for word in sorted(self._generic_zh, key=len, reverse=True):
            if rest.endswith(word) and offset > 0:
                rest = rest[: -len(word)]
        return len(rest) >= 2 or (len(piece) >= 4 and offset == 0)

    def _latin_parts(self, text: str, hidden: Sequence[tuple[int, int]]) -> Iterator[Mention]:
        spoken = [m for m in _LATIN_WORD.finditer(text) if not any(m.start() < b and a < m.end() for a, b in hidden)]
        norms = [" ".join(words(re.sub(r"['’]s$", "", match.group()))) for match in spoken]
        place = 0
        while place < len(spoken):
            owners = self._word_heads.get(norms[place])
            owners = {i for i in owners or () if not self._cut_out(i, norms[place], text, spoken[place].start())}
            if owners and len(norms[place]) > 2:
                size = {i: self._run_length(i, norms, place) for i in owners}
                longest = max(size.values())
                meant = {i for i, run in size.items() if run == longest}
                last = spoken[place + longest - 1]
                yield Mention(
                    spoken[place].start(),
                    last.end(),
                    text[spoken[place].start() : last.end()],
                    self._candidates(meant, "part", 90),
                )
                place += longest
            else:
                place += 1

    def _cut_out(self, index: int, word: str, text: str, start: int) -> bool:
        """The second word of a name behind another capital word than its first: "Oakfield Dairy" is not "Muhe Dairy"."""
        if word in self._trades and not _SPOKEN_OF.search(text[:start]):
            own = {fold(w) for kept in self._latin[index] for w in kept}
            last = re.search(r"([\w&'’.-]+)\s+$", text[:start])
            if last is None or fold(last.group(1)) not in own:
                return True
        before = re.search(r"([A-Z][\w&'’.-]*)\s+$", text[:start])
        if before is None:
            return False
        heads = [kept for kept in self._latin[index] if word in kept[:2]]
        own = {fold(w) for kept in heads for w in kept}
        said = fold(before.group(1))
        first = before.start() == 0 or text[: before.start()].rstrip()[-1:] in ("?", ".", "!", ":")
        return all(kept[0] != word for kept in heads) and said not in own and not (first and said in self._openers)

    def _run_length(self, index: int, norms: Sequence[str], place: int) -> int:
        best = 1
        for kept in self._latin[index]:
            if norms[place] not in kept:
                continue
            offset = kept.index(norms[place])
            run = 1
            while place + run < len(norms) and offset + run < len(kept) and norms[place + run] == kept[offset + run]:
                run += 1
            best = max(best, run)
        return best

    def _slips(self, text: str, hidden: Sequence[tuple[int, int]]) -> Iterator[Mention]:
        """Only when nothing else was found: names with a slip, by sound, by initials."""
        for match in _HAN_RUN.finditer(text):
            for first, last in _free(match.start(), match.end(), hidden):
                mention = self._han_slip(text, first, last)
                if mention:
                    yield mention
        latin = [m for m in _LATIN_WORD.finditer(text) if not any(m.start() < b and a < m.end() for a, b in hidden)]
        for match in _MIXED.finditer(text):
            if owners := self._half_spelt(match["letters"], match["han"]):
                size = len(match["letters"])
                shared = max(
                    _common(core[at + size :], match["han"]) for i in owners for core in self._cores[i] for at in BORDERS
                )
                end = match.start("han") + max(shared, 2)
                yield Mention(match.start(), end, text[match.start() : end], self._candidates(owners, "initials", 80))
                latin = [m for m in latin if m.end() <= match.start() or m.start() >= end]
        yield from self._latin_slips(latin)

    def _half_spelt(self, letters: str, han: str) -> set[int]:
        """Initials before the rest of the name in characters: "MY精密"."""
        size, wanted = len(letters), letters.casefold()
        return {
            index for index, cores in enumerate(self._cores) for core, sound in zip(cores, self._sounds[index], strict=True)
            for at in BORDERS
            if core[at + size : at + size + 2] == han[:2] and "".join(one[0] for one in sound[at : at + size]) == wanted
        }  # fmt: skip

    def _han_slip(self, text: str, first: int, last: int) -> Mention | None:
        run = text[first:last]
        if len(run) < 3:
            return None
        scored: list[tuple[int, int, int, int]] = []
        for index, cores in enumerate(self._cores):
            for core in cores:
                if len(core) < 3:
                    continue
                at = fuzz.partial_ratio_alignment(core, run, score_cutoff=70) if len(run) >= len(core) else None
                piece = run[at.dest_start : at.dest_end] if at else run
                score = fuzz.ratio(core, piece)
                if score >= 74 and abs(len(piece) - len(core)) <= 1:
                    start = first + (at.dest_start if at else 0)
                    scored.append((round(score), index, start, start + len(piece)))
        if not scored:
            return self._by_sound(text, first, last)
        top = max(score for score, *_ in scored)
        best = [entry for entry in scored if entry[0] >= top - 2]
        start, end = best[0][2], best[0][3]
        return Mention(start, end, text[start:end], self._candidates({i for _, i, _, _ in best}, "spelling", top))

    def _by_sound(self, text: str, first: int, last: int) -> Mention | None:
        run = self._sound(text[first:last])
        best: dict[int, tuple[int, int]] = {}
        for index, sounds in enumerate(self._sounds):
            for core, sound in zip(self._cores[index], sounds, strict=True):
                for size in range(min(len(sound), len(run)), 1, -1):
                    for offset in (
                        o
                        for o in range(min(HEAD, len(sound) - size) + 1)
                        if o in BORDERS and core[o : o + size] not in self._generic_zh
                    ):
                        piece = sound[offset : offset + size]
                        places = (p for p in range(len(run) - size + 1) if run[p : p + size] == piece)
                        place = next((p for p in places if not self._fillers & set(text[first + p : first + p + size])), None)
                        if place is not None and size > best.get(index, (0, 0))[0] and (size > 2 or offset <= 2):
                            best[index] = (size, place)
        longest = max((size for size, _ in best.values()), default=0)
        if longest < 2:
            return None
        meant = {i for i, (size, _) in best.items() if size == longest}
        place = first + next(p for size, p in best.values() if size == longest)
        return Mention(place, place + longest, text[place : place + longest], self._candidates(meant, "sound", 80))

    def _latin_slips(self, latin: Sequence[re.Match[str]]) -> Iterator[Mention]:
        heads = list(self._word_heads)
        for match in latin:
            word = re.sub(r"'s$", "", fold(match.group()))
            if word in self._generic_en or word in self._trades:
                continue
            if len(word) >= 5:
                close = [(fuzz.ratio(word, head), head) for head in heads if abs(len(head) - len(word)) <= 2]
                good = [(score, head) for score, head in close if score >= 80]
                if good:
                    top = max(good)[0]
                    owners = {i for score, head in good if score >= top for i in self._word_heads[head]}
                    yield Mention(match.start(), match.end(), match.group(), self._candidates(owners, "spelling", round(top)))
                    continue
            if 2 < len(word) <= 24 and word.isascii() and word.isalpha():
                owners = self._by_pinyin(word) | self._by_acronym(word)
                if owners:
                    yield Mention(match.start(), match.end(), match.group(), self._candidates(owners, "initials", 80))

    def _by_acronym(self, word: str) -> set[int]:
        return {
            index for index, names in enumerate(self._latin) for kept in names
            if len(kept) >= len(word) >= 2 and "".join(w[0] for w in kept).startswith(word)
        }  # fmt: skip

    def _by_pinyin(self, word: str) -> set[int]:
        """Initials ("jzmy") or full pinyin ("mingyuan") of the name from its start, or from behind a place of two characters."""
        exact: set[int] = set()
        if len(word) >= 3:
            exact = {i for i, sounds in enumerate(self._spoken) for sound in sounds if "".join(one[0] for one in sound) == word}
        for index, sounds in enumerate(self._sounds):
            for sound in sounds:
                for offset in range(min(HEAD, len(sound))):
                    initials = "".join(syllable[0] for syllable in sound[offset:])
                    full = "".join(sound[offset:])
                    if (len(word) >= 3 or offset == 0) and initials.startswith(word) and (offset in (0, 2, 3)):
                        exact.add(index)
                    if len(word) >= 5 and full.startswith(word) and _on_border(word, sound[offset:]):
                        exact.add(index)
        return exact

    @cached_property
    def _sounds(self) -> list[tuple[tuple[str, ...], ...]]:
        return [tuple(self._sound(core) for core in cores) for cores in self._cores]

    @cached_property
    def _spoken(self) -> list[tuple[tuple[str, ...], ...]]:
        """The sounds of names as they are said in full, legal forms and all ("恒川集团": h, c, j, t)."""
        return [
            tuple(self._sound(word) for word in (*one.aliases, *one.short_names) if _HAN_RUN.fullmatch(word))
            for one in self.borrowers
        ]

    def _sound(self, text: str) -> tuple[str, ...]:
        from pypinyin import lazy_pinyin  # a large table, wanted only when a name is typed by its sound

        return tuple(lazy_pinyin(text)) if text else ()


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _on_border(word: str, syllables: Sequence[str]) -> bool:
    rest = word
    for syllable in syllables:
        if not rest:
            return True
        if not rest.startswith(syllable):
            return False
        rest = rest[len(syllable) :]
    return not rest


def _free(first: int, last: int, hidden: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    place = first
    for start, end in sorted((a, b) for a, b in hidden if a < last and first < b):
        if start > place:
            yield place, start
        place = max(place, end)
    if place < last:
        yield place, last


def _merged(found: Sequence[Mention]) -> list[Mention]:
    """One mention per borrower: a second way of naming the same one adds nothing."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    sure = {m.sure.id for m in found if m.sure}
    for mention in found:
        key = tuple(candidate.borrower.id for candidate in mention.candidates)
        if key in seen or (len(key) > 1 and sure & set(key)):
            continue
        seen.add(key)
        kept.append(mention)
    return kept
