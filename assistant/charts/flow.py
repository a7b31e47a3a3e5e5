"""Where a loan's money went, drawn: places from left to right in the order the money reached them, bands as wide as the loan money in them.

As SVG every band opens to its payments when clicked, without any script, so that the file works alone, in a brief and in the console.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from typing import Any

from assistant.charts.sheet import Box, Drawing, Ink, Shape, Sheet, Words, shortened
from assistant.charts.svg import font_face, svg
from prompts.library import phrase_book
from tools.domain.tracing import Flow
from tools.domain.use_case import Usage
from tools.domain.use_shapes import edge_category, place_name
from tools.toolbox.rendering import amount as written
from tools.toolbox.rendering import ratio

COLUMN, NODE, FULL = 158.0, 9.0, 210.0
"""Points between columns, width of a place, height of the whole loan."""
TOP, LABEL, GAP, SIDE = 58.0, 21.0, 8.0, 14.0
NAME, SMALL = 7.5, 6.5
DETAIL_LINES, LINE = 6, 10.5
MOST_PAYEES = 9
"""Payees shown by name in one column; the smaller others are one place together."""
BENDS = 18
LOAN = "loan"
Link = Callable[[str], str]


@dataclass
class _Place:
    key: str
    name: str
    kind: str
    column: int
    came: int = 0
    left: int = 0
    y: float = 0.0
    height: float = 0.0
    out_y: float = 0.0
    in_y: float = 0.0


@dataclass
class _Band:
    source: str
    target: str
    loan: int
    ink: Ink
    flows: list[Flow] = field(default_factory=list)
    outline: tuple[tuple[float, float], ...] = ()


def flow_sheet(usage: Usage, language: str) -> Sheet:
    """The picture as a sheet, for PNG and print."""
    return _Layout(usage, language).sheet()


def flow_picture(usage: Usage, language: str, link: Link | None = None) -> str:
    """The picture as one SVG element. `link`: where an account line's page is, by its id."""
    layout = _Layout(usage, language, opens=True)
    sheet = layout.sheet()
    base = svg(sheet)
    prefix = f"flow-{usage.case.loan}"
    style = (
        ".flow-detail{display:none}.flow-detail:target{display:inline}.flow-band:hover,.flow-band:focus{fill-opacity:.25}"
        "polygon{fill-opacity:.62}"
    )
    bands = "".join(layout.overlay(number, band, prefix) for number, band in enumerate(layout.bands))
    details = "".join(layout.detail(number, band, prefix, link) for number, band in enumerate(layout.bands))
    # the letters of the payments under the picture must come along with those of the picture itself
    font = font_face("".join(words.text for words in sheet.words) + details)
    return base.replace("</svg>", f"<style>{font}{style}</style>{bands}{details}</svg>")


class _Layout:
    def __init__(self, usage: Usage, language: str, *, opens: bool = False) -> None:
        self.usage, self.language, self.opens = usage, language, opens
        self.words: Mapping[str, Any] = phrase_book("flow")[language]
        self.places: dict[str, _Place] = {}
        self.bands: list[_Band] = []
        self.scale = FULL / max(usage.seen, 1)
        if usage.seen:
            self._place()
            self._arrange()
            self._shape()
        columns = max((place.column for place in self.places.values()), default=2)
        self.width = SIDE * 2 + COLUMN * (columns + 1)
        bottom = max((place.y + place.height for place in self.places.values()), default=TOP + 20)
        self.floor = bottom + 16
        self.height = self.floor + (LINE * (DETAIL_LINES + 1) + 8 if opens else 0)

    def sheet(self) -> Sheet:
        """Every mark, and the same in one sentence."""
        drawing = Drawing()
        for band in self.bands:
            drawing.add(Shape(band.outline, band.ink))
        for place in self.places.values():
            ink: Ink = "accent" if place.key in self.usage.places.own or place.key == LOAN else "ink"
            drawing.add(Box(self._x(place), place.y, NODE, max(place.height, 1.5), ink, tip=place.name))
            self._label(drawing, place)
        self._head(drawing)
        return Sheet(self.width, self.height, tuple(drawing.marks), self._said())

    def overlay(self, number: int, band: _Band, prefix: str) -> str:
        """What one clicks on: an unseen shape over the band that leads to its payments."""
        points = " ".join(f"{x:.2f},{y:.2f}" for x, y in band.outline)
        tip = escape(f"{self.places[band.source].name} → {self.places[band.target].name}: {self._money(band.loan)}")
        ids = " ".join(flow.transaction for flow in band.flows)
        return (
            f'<a href="#{prefix}-{number}"><polygon class="flow-band" data-transactions="{escape(ids)}" points="{points}" fill="#1b2430" '
            f'style="fill-opacity:0"><title>{tip}</title></polygon></a>'
        )

    def detail(self, number: int, band: _Band, prefix: str, link: Link | None) -> str:
        """The payments behind one band, shown under the picture once it is clicked."""
        y = self.floor
        lines = [self._payment(flow) for flow in band.flows[:DETAIL_LINES]]
        if len(band.flows) > DETAIL_LINES:
            lines[-1] = ("", self.words["more"].format(n=len(band.flows) - DETAIL_LINES + 1))
        told = []
        for row, (id, text) in enumerate(lines):
            fitted = escape(shortened(text, SMALL + 1, self.width - 2 * SIDE))
            mark = f'<text x="{SIDE}" y="{y + LINE * (row + 1):.2f}" font-size="{SMALL + 1}" fill="#1b2430">{fitted}</text>'
            told.append(f'<a href="{escape(link(id))}">{mark}</a>' if link and id else mark)
        back = f'<rect x="0" y="{y - 3:.2f}" width="{self.width:.2f}" height="{LINE * (DETAIL_LINES + 1) + 6:.2f}" fill="#ffffff"/>'
        return f'<g id="{prefix}-{number}" class="flow-detail">{back}{"".join(told)}</g>'

    def _place(self) -> None:
        usage = self.usage
        lender = next((usage.case.walk.lines[id].party for id in sorted(usage.case.draws)), "") or LOAN
        self.places[LOAN] = _Place(LOAN, lender, "drawdown", 0, left=usage.seen)
        draws: dict[str, int] = defaultdict(int)
        for step in usage.case.walk.steps:
            if step.transaction in usage.case.draws:
                draws[step.target] += step.amount
        for target, cents in draws.items():
            self.places[target] = _Place(target, self._named(target), "own_account", 1, came=cents)
            self.bands.append(_Band(LOAN, target, cents, "bar"))
        joined: dict[tuple[str, str, Ink], _Band] = {(band.source, band.target, band.ink): band for band in self.bands}
        small = self._small()
        for flow in usage.trace.flows:
            source = self._source(flow.source)
            target, name = self._target(flow, source, small)
            kind = edge_category(usage, flow)
            ink: Ink = "bad" if flow.misused else "warn" if flow.back else "bar"
            if target not in self.places:
                self.places[target] = _Place(target, name, kind, source.column + 1)
            self.places[target].came += flow.loan
            source.left += flow.loan
            band = joined.setdefault((source.key, target, ink), _Band(source.key, target, 0, ink))
            band.loan += flow.loan
            band.flows.append(flow)
        self.bands = list(joined.values())

    def _small(self) -> frozenset[str]:
        """Payees of the borrower too small and too many to be named, unless money of theirs went on or was misused."""
        sums: dict[str, int] = defaultdict(int)
        marked: set[str] = set()
        for flow in self.usage.trace.flows:
            sums[flow.target] += flow.loan
            marked.add(flow.source)
            if flow.misused or flow.back:
                marked.add(flow.target)
        plain = sorted((place for place in sums if place not in marked), key=lambda place: (-sums[place], place))
        return frozenset(plain[MOST_PAYEES:]) if len(plain) > MOST_PAYEES + 1 else frozenset()

    def _source(self, place: str) -> _Place:
        return self.places.get(place) or self.places[f"{place}*"]

    def _target(self, flow: Flow, source: _Place, small: frozenset[str]) -> tuple[str, str]:
        """A place the money reached before stands again further right: bands run forwards only."""
        if flow.target in small:
            return f"others{source.column + 1}", self.words["others"].format(n=len(small))
        known = self.places.get(flow.target)
        if known is not None and known.column <= source.column:
            return f"{flow.target}*", self._named(flow.target)
        return flow.target, self._named(flow.target)

    def _named(self, place: str) -> str:
        name = place_name(self.usage, place)
        return f"{name} {place}" if place in self.usage.case.accounts else name

    def _arrange(self) -> None:
        columns: dict[int, list[_Place]] = defaultdict(list)
        for place in self.places.values():
            place.height = max(place.came, place.left) * self.scale
            columns[place.column].append(place)
        for number in sorted(columns):
            wanted = {place.key: self._middle(place) for place in columns[number]}
            y = TOP
            for place in sorted(columns[number], key=lambda one: (wanted[one.key], -one.came, one.key)):
                place.y = y + LABEL
                y = place.y + max(place.height, 2) + GAP

    def _middle(self, place: _Place) -> float:
        """Where what leads here comes from, so that bands cross little."""
        into = [band for band in self.bands if band.target == place.key]
        weight = sum(band.loan for band in into) or 1
        where = sum((self.places[band.source].y + self.places[band.source].height / 2) * band.loan for band in into) / weight
        return round(where, 3)

    def _shape(self) -> None:
        for place in self.places.values():
            place.out_y = place.in_y = place.y
        # leaving bands lie in the order of where they go, arriving ones in the order of where they come from
        for band in sorted(self.bands, key=lambda one: (self.places[one.target].column, self.places[one.target].y)):
            source = self.places[band.source]
            band.outline = ((source.out_y, 0.0),)
            source.out_y += band.loan * self.scale
        for band in sorted(self.bands, key=lambda one: (self.places[one.source].y, one.ink)):
            source, target = self.places[band.source], self.places[band.target]
            thick = max(band.loan * self.scale, 0.8)
            x0, x1 = self._x(source) + NODE, self._x(target)
            top0, top1 = band.outline[0][0], target.in_y
            target.in_y += band.loan * self.scale
            upper = [_bend(x0, top0, x1, top1, step / BENDS) for step in range(BENDS + 1)]
            lower = [_bend(x0, top0 + thick, x1, top1 + thick, step / BENDS) for step in range(BENDS, -1, -1)]
            band.outline = (*upper, *lower)

    def _label(self, drawing: Drawing, place: _Place) -> None:
        x = self._x(place)
        room = COLUMN - 12
        drawing.add(Words(x, place.y - 10.5, shortened(place.name, NAME, room), NAME, "ink", halo=True))
        size = place.came or place.left
        facts = [self._money(size), self._part(size)]
        stays = place.came - place.left
        if place.kind not in ("drawdown",) and place.left and stays > self.usage.seen // 1000:
            facts.append(self.words["rests"].format(amount=self._money(stays)))
        kind = self._kind(place)
        told = " · ".join([*facts, *([kind] if kind else [])])
        drawing.add(Words(x, place.y - 2.5, shortened(told, SMALL, room + 4), SMALL, self._ink(place), halo=True))

    def _ink(self, place: _Place) -> Ink:
        inks = {band.ink for band in self.bands if band.target == place.key}
        return "bad" if "bad" in inks else "warn" if "warn" in inks else "soft"

    def _kind(self, place: _Place) -> str:
        if place.kind in ("drawdown",) or place.key.startswith("others") or place.column == 1:
            return ""
        said: str | None = self.words["kinds"].get(place.kind)
        if said:
            return said
        names = {category.id: category.name for category in self.usage.categories.values()}
        return names.get(place.kind, {}).get(self.language, "")

    def _head(self, drawing: Drawing) -> None:
        usage, words = self.usage, self.words
        drawing.add(Words(SIDE, 17, words["title"].format(loan=usage.case.loan), 11, "ink", bold=True))
        if not usage.seen:
            drawing.add(Words(SIDE, 34, words["nothing"], NAME, "warn"))
            return
        first = min(usage.case.drawings)[0].isoformat()
        told = words["subtitle"].format(date=first, drawn=self._money(usage.drawn), method=words["methods"][usage.method])
        drawing.add(Words(SIDE, 31, told, NAME, "soft"))
        drawing.add(Words(SIDE, 44, shortened(self._totals(), NAME, self.width - 2 * SIDE), NAME, "ink"))
        x = self.width - SIDE
        legend = (("back", "warn"), ("bad", "bad"), ("plain", "bar"))
        inks: dict[str, Ink] = {"back": "warn", "bad": "bad", "plain": "bar"}
        for key, _ in legend:
            text = Words(x, 17, words["legend"][key], NAME, "soft", anchor="end")
            drawing.add(text, Box(text.left - 12, 11, 9, 6, inks[key]))
            x = text.left - 22
        if self.opens:
            drawing.add(Words(SIDE, self.floor + LINE, words["open"], SMALL + 1, "soft"))

    def _totals(self) -> str:
        usage = self.usage
        shares = {
            "misuse_share": (usage.trace.misused, usage.drawn), "backflow_share": (usage.backflow, usage.backflow_base),
            "evidenced_share": (usage.evidenced, usage.drawn),
        }  # fmt: skip
        told = {
            name: ratio(Decimal(part) / whole, "ratio", self.language) if whole else "-"
            for name, (part, whole) in shares.items()
        }
        amounts = {
            "misuse": usage.trace.misused,
            "backflow": usage.backflow,
            "evidenced": usage.evidenced,
            "unspent": usage.unspent,
        }
        text: str = self.words["totals"].format(**told, **{name: self._money(cents) for name, cents in amounts.items()})
        return text

    def _payment(self, flow: Flow) -> tuple[str, str]:
        line = self.usage.case.walk.lines[flow.transaction]
        part = self.words["loan_part"].format(amount=self._money(flow.loan))
        names = f"{self._named(flow.source)} → {self._named(flow.target)}"
        return flow.transaction, f"{flow.day} {flow.transaction}  {names}  {self._money(flow.amount)}, {part}  {line.memo}"

    def _said(self) -> str:
        if not self.usage.seen:
            return str(self.words["nothing"])
        flows: Sequence[str] = [
            f"{self.places[b.source].name} → {self.places[b.target].name} {self._money(b.loan)}"
            for b in self.bands
            if b.source != LOAN
        ]
        return (
            f"{self.words['title'].format(loan=self.usage.case.loan)}: {self._totals()}; {self.words['separator'].join(flows)}"
        )

    def _money(self, cents: int) -> str:
        return written(Decimal(cents).scaleb(-2), self.usage.case.currency, self.language, exact=False)

    def _part(self, cents: int) -> str:
        return ratio(Decimal(cents) / self.usage.drawn, "ratio", self.language)

    def _x(self, place: _Place) -> float:
        return SIDE + place.column * COLUMN


def _bend(x0: float, y0: float, x1: float, y1: float, at: float) -> tuple[float, float]:
    """A point on the curve between two ends, level at both."""
    middle = (x0 + x1) / 2
    a, b, c, d = (1 - at) ** 3, 3 * (1 - at) ** 2 * at, 3 * (1 - at) * at**2, at**3
    return round(a * x0 + (b + c) * middle + d * x1, 2), round((a + b) * y0 + (c + d) * y1, 2)
