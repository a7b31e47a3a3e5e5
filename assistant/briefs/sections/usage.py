"""Use of proceeds: what was traced, what papers prove, what came back; loans whose money cannot be seen are named as such."""

from __future__ import annotations

from assistant.briefs.material import Material
from assistant.briefs.model import Block, Line, Section
from assistant.briefs.pen import Pen

MOST_FLAGS = 3


def usage_section(material: Material, pen: Pen) -> Section:
    """One or two sentences a loan."""
    blocks: list[Block] = []
    unseen: list[str] = []
    for loan, usage in material.usage.items():
        if not usage.seen:
            unseen.append(loan)
            continue
        value = {v.name: v for v in material.usage_artifacts[loan].values if v.about == loan}
        drawn, share = value.get("drawn"), value.get("evidenced_share")
        if drawn is None:
            continue
        text = pen.phrase(
            "usage_line", loan=loan, drawn=pen.short(drawn), share=pen.short(share, marked=False) if share else "–"
        )
        blocks.append(Line(text))
        misuse, part = value.get("misuse"), value.get("misuse_share")
        if misuse is not None and misuse.value and part is not None:
            method = pen.phrase(f"method_{usage.method}")
            said = pen.phrase(
                "usage_misuse", loan=loan, method=method, amount=pen.short(misuse), share=pen.short(part, marked=False)
            )
            blocks.append(Line(said, "bad"))
        back, back_share = value.get("backflow"), value.get("backflow_share")
        if back is not None and back.value and back_share is not None:
            blocks.append(
                Line(
                    pen.phrase("usage_backflow", loan=loan, amount=pen.short(back), share=pen.short(back_share, marked=False)),
                    "bad",
                )
            )
        beyond = value.get("unfollowed")
        if beyond is not None and beyond.value:
            blocks.append(Line(pen.phrase("usage_unfollowed", loan=loan, amount=pen.short(beyond)), "soft"))
    if unseen:
        blocks.append(Line(pen.phrase("usage_unseen", loans=pen.listed(unseen)), "soft"))
    if not blocks:
        blocks.append(Line(pen.phrase("usage_none"), "soft"))
    return Section("usage", pen.word("usage"), tuple(blocks))
