"""A sheet as SVG text: presentation attributes for where it stands alone, classes so that a page may recolour it.

The text stays text: it can be searched, copied and read aloud. Numbers have two decimals at most, so that the same chart is the
same bytes on every machine.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape

from assistant.charts.sheet import INKS, Box, Dot, Mark, Shape, Sheet, Stroke, Words

FAMILY = "'Noto Sans SC','PingFang SC','Microsoft YaHei','Source Han Sans SC',sans-serif"


def svg(sheet: Sheet, *, embed_font: bool = False, decorative: bool = False) -> str:
    """One `<svg>` element. `embed_font` makes it self-sufficient on a machine without Chinese fonts; `decorative` hides it from a
    screen reader, where the same numbers stand beside it."""
    told = ' aria-hidden="true"' if decorative else f' role="img" aria-label="{escape(sheet.description)}"'
    size = f'width="{_n(sheet.width)}pt" height="{_n(sheet.height)}pt" viewBox="0 0 {_n(sheet.width)} {_n(sheet.height)}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" {size} font-family="{FAMILY}"{told}>']
    if embed_font:
        parts.append(f"<style>{font_face(''.join(words.text for words in sheet.words))}</style>")
    parts += [_mark(mark) for mark in sheet.marks]
    return "".join([*parts, "</svg>"])


def font_face(text: str) -> str:
    """A CSS rule that brings the letters of `text` along."""
    from tools.typesetting.cutting import web_font

    data = b64encode(web_font(text)).decode("ascii")
    return f"@font-face{{font-family:'Noto Sans SC';src:url(data:font/woff;base64,{data}) format('woff')}}"


def _mark(mark: Mark) -> str:
    match mark:
        case Box():
            return _box(mark)
        case Stroke():
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in mark.points)
            dash = ' stroke-dasharray="3 2"' if mark.dashed else ""
            return (
                f'<polyline class="s-{mark.ink}" points="{points}" fill="none" stroke="{INKS[mark.ink]}" stroke-width="{_n(mark.width)}" '
                f'stroke-linejoin="round"{dash}/>'
            )
        case Shape():
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in mark.points)
            return f'<polygon class="f-{mark.ink}" points="{points}" fill="{INKS[mark.ink]}"/>'
        case Dot():
            return f'<circle class="f-{mark.ink}" cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.radius)}" fill="{INKS[mark.ink]}"/>'
        case Words():
            bold = ' font-weight="700"' if mark.bold else ""
            anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
            halo = f' paint-order="stroke" stroke="{INKS["paper"]}" stroke-width="2"' if mark.halo else ""
            return (
                f'<text class="f-{mark.ink}{" halo" if mark.halo else ""}" x="{_n(mark.x)}" y="{_n(mark.y)}" font-size="{_n(mark.size)}" fill="{INKS[mark.ink]}"'
                f"{anchor}{bold}{halo}>{escape(mark.text)}</text>"
            )


def _box(box: Box) -> str:
    tip = f"<title>{escape(box.tip)}</title>" if box.tip else ""
    inset = 0.4 if box.outline or box.striped else 0.0
    place = (
        f'x="{_n(box.x + inset)}" y="{_n(box.y + inset)}" width="{_n(max(box.width - 2 * inset, 0))}" '
        f'height="{_n(max(box.height - 2 * inset, 0))}"'
    )
    if not box.outline and not box.striped:
        return f'<rect class="f-{box.ink}" {place} fill="{INKS[box.ink]}">{tip}</rect>'
    edge = f'<rect class="s-{box.ink}" {place} fill="none" stroke="{INKS[box.ink]}" stroke-width="0.8">{tip}</rect>'
    if box.outline:
        return edge
    lines = "".join(
        f'<line class="s-{box.ink}" x1="{_n(x0)}" y1="{_n(y0)}" x2="{_n(x1)}" y2="{_n(y1)}" stroke="{INKS[box.ink]}" stroke-width="0.7"/>'
        for x0, y0, x1, y1 in stripes(box)
    )
    return edge + lines


def stripes(box: Box, gap: float = 3.0) -> list[tuple[float, float, float, float]]:
    """Slanted lines inside a box, as every painter draws them: no pattern ids that could clash on one page."""
    found = []
    offset = gap
    while offset < box.width + box.height:
        x0, y0 = min(offset, box.width), max(offset - box.width, 0.0)
        x1, y1 = max(offset - box.height, 0.0), min(offset, box.height)
        found.append((box.x + x0, box.y + y0, box.x + x1, box.y + y1))
        offset += gap
    return found


def _n(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
