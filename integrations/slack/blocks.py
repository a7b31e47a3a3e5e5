"""Block Kit's pieces and limits. Text from documents goes into plain text and rich text only, where nothing is interpreted:
neither a mention nor a link nor a format can be smuggled into a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Block = dict[str, Any]

MOST_BLOCKS = 50
MOST_BUTTONS = 25
MOST_OPTIONS = 100
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
SECTION_TEXT = 3000
HEADER_TEXT = 150
ROWS, COLUMNS = 100, 20
RICH_TEXT = 2800
"""Characters of one rich_text block: Slack states no number; sections have 3,000."""
MESSAGE_TEXT = 9000
"""Characters of one message's blocks together."""


def plain(text: str, most: int = BUTTON_TEXT) -> Block:
    """A plain_text object, shortened to fit with an ellipsis; used for labels of things that open the whole."""
    return {"type": "plain_text", "text": clip(text, most) or " ", "emoji": False}


def clip(text: str, most: int) -> str:
    """`text` in at most `most` characters, its middle left out: file names differ at both ends."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    head = (most - 1) * 2 // 3
    return f"{text[:head]}…{text[-(most - 1 - head) :]}"


def escape(text: str) -> str:
    """For mrkdwn: the three characters with a meaning."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def section(text: str, accessory: Block | None = None) -> Block:
    """Words of our own in mrkdwn; whoever writes longer ones splits them."""
    if len(text) > SECTION_TEXT:
        raise ValueError("a section's text is too long")
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
    return block | ({"accessory": accessory} if accessory else {})


def said(text: str, *, bold: bool = False) -> Block:
    """Words from anywhere, shown as they are."""
    element: Block = {"type": "text", "text": text}
    if bold:
        element["style"] = {"bold": True}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


def paragraphs(text: str) -> list[Block]:
    """A long plain text as rich text blocks, cut at line ends and never in silence."""
    return [said(piece) for piece in pieces(text, RICH_TEXT)]


def pieces(text: str, most: int) -> list[str]:
    """`text` in pieces of at most `most` characters, cut at a line end, else at a sentence or word end, else anywhere. Nothing is
    lost but the line ends at the cuts."""
    out: list[str] = []
    rest = text
    while len(rest) > most:
        window = rest[:most]
        cut = window.rfind("\n")
        drop = 1
        if cut < most // 3:
            cut, drop = max(window.rfind(mark) for mark in ("。", ";", "；", ". ", ", ", "，", " ")) + 1, 0
        if cut < most // 3:
            cut, drop = most, 0
        out.append(rest[:cut])
        rest = rest[cut + drop :]
    if rest.strip() or not out:
        out.append(rest)
    return out


def context(*texts: str) -> Block:
    """A small line of our own words."""
    return {"type": "context", "elements": [{"type": "plain_text", "text": text, "emoji": False} for text in texts]}


def button(text: str, action: str, value: str = "", *, url: str = "", style: str = "", confirm: Block | None = None) -> Block:
    """A button; `value` must fit, it is not shortened."""
    if len(value) > BUTTON_VALUE:
        raise ValueError("a button's value is too long")
    made: Block = {"type": "button", "text": plain(text), "action_id": action}
    for name, given in (("value", value), ("url", url), ("style", style), ("confirm", confirm)):
        if given:
            made[name] = given
    return made


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """The question before a button acts."""
    return {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(yes, 30), "deny": plain(no, 30)}


def actions(elements: Sequence[Block]) -> list[Block]:
    """Buttons in as many rows as they need."""
    return [
        {"type": "actions", "elements": list(elements[start : start + MOST_BUTTONS])}
        for start in range(0, len(elements), MOST_BUTTONS)
    ]


def select(placeholder: str, action: str, options: Iterable[tuple[str, str]]) -> Block:
    """A menu of (label, value) pairs, at most a hundred."""
    made = [{"text": plain(label), "value": value} for label, value in options]
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(placeholder, 150),
        "options": made[:MOST_OPTIONS],
    }


def feedback(action: str, good: str, bad: str, value: str) -> Block:
    """Thumbs under an answer."""
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": action,
                "positive_button": {"text": plain(good), "value": f"good|{value}"},
                "negative_button": {"text": plain(bad), "value": f"bad|{value}"},
            }
        ],
    }


def table(rows: Sequence[Sequence[str]]) -> Block:
    """A native table, numbers to the right. At most 100 rows of 20 cells: the caller splits."""
    width = max(len(row) for row in rows)
    settings = [{"align": "left" if column == 0 else "right", "is_wrapped": True} for column in range(width)]
    cells = [
        [{"type": "raw_text", "text": (row[column] if column < len(row) else "") or " "} for column in range(width)]
        for row in rows
    ]
    return {"type": "table", "column_settings": settings, "rows": cells}


def text_of(block: Mapping[str, Any]) -> str:
    """What a block says, for counting and for where blocks are not shown."""
    if block["type"] == "table":
        return "\n".join(" | ".join(cell["text"] for cell in row) for row in block["rows"])
    found: list[str] = []
    _collect(block, found)
    return "".join(found)


def _collect(node: Any, found: list[str]) -> None:
    if isinstance(node, Mapping):
        if isinstance(node.get("text"), str):
            found.append(node["text"])
            return
        if node.get("type") == "rich_text_section" and found:
            found.append("\n")
        for name, value in node.items():
            if name not in ("confirm", "value", "action_id"):
                _collect(value, found)
    elif isinstance(node, (list, tuple)):
        for value in node:
            _collect(value, found)
