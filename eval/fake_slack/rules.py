"""What Slack refuses: Block Kit's limits. Each check returns the error code Slack gives, or "" when all is well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
TEXTS = {"section": 3000, "header": 150, "context": 3000}
TOTAL = 13_000
"""Characters of all blocks of one message, beyond which Slack answers msg_blocks_too_long."""
IN_MESSAGES = {
    "section",
    "rich_text",
    "context",
    "actions",
    "context_actions",
    "divider",
    "table",
    "header",
    "image",
    "markdown",
}
IN_VIEWS = {"section", "rich_text", "context", "actions", "divider", "header", "image", "input"}


def check_blocks(blocks: Any, *, view: bool = False) -> str:
    """ "" or the code of the first rule broken."""
    if not isinstance(blocks, list):
        return "invalid_blocks_format"
    if len(blocks) > (VIEW_BLOCKS if view else MESSAGE_BLOCKS):
        return "invalid_blocks"
    if sum(block.get("type") == "table" for block in blocks) > 1:
        return "only_one_table_allowed"
    ids = [element["action_id"] for element in _elements(blocks) if "action_id" in element]
    if len(ids) != len(set(ids)):
        return "invalid_blocks"
    if not all(_block(block, IN_VIEWS if view else IN_MESSAGES) for block in blocks):
        return "invalid_blocks"
    total = sum(len(text) for block in blocks for text in _texts(block))
    return "msg_blocks_too_long" if total > TOTAL and not view else ""


def check_view(view: Mapping[str, Any]) -> str:
    """The same for a modal or a home tab."""
    if view.get("type") == "modal":
        for name in ("title", "submit", "close"):
            if name in view and not _plain(view[name], 24):
                return "invalid_arguments"
        if "title" not in view or len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
            return "invalid_arguments"
    return check_blocks(view.get("blocks"), view=True)


def _elements(blocks: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for block in blocks:
        if block.get("type") in ("actions", "context_actions"):
            yield from block.get("elements", [])
        for name in ("accessory", "element"):
            if isinstance(block.get(name), Mapping):
                yield block[name]


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def _block(block: Mapping[str, Any], known: set[str]) -> bool:
    kind = block.get("type")
    if kind not in known:
        return False
    elements = block.get("elements")
    match kind:
        case "section":
            accessory = block.get("accessory")
            return _text(block.get("text"), TEXTS["section"]) and (accessory is None or _element(accessory))
        case "header":
            return _plain(block.get("text"), TEXTS["header"])
        case "context":
            return isinstance(elements, list) and 1 <= len(elements) <= 10 and all(_text(e, TEXTS["context"]) for e in elements)
        case "actions":
            return isinstance(elements, list) and 1 <= len(elements) <= 25 and all(_element(e) for e in elements)
        case "context_actions":
            return isinstance(elements, list) and 1 <= len(elements) <= 5 and all(_element(e) for e in elements)
        case "table":
            return _table(block)
        case "rich_text":
            return isinstance(elements, list) and bool(elements) and all(_rich(e) for e in elements)
        case "input":
            return _plain(block.get("label"), 2000) and _element(block.get("element", {}))
        case "markdown":
            return 0 < len(block.get("text", "")) <= 12_000
    return True


def _table(block: Mapping[str, Any]) -> bool:
    rows = block.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= 100 or len(block.get("column_settings", [])) > 20:
        return False
    cells = [cell for row in rows for cell in row]
    return all(1 <= len(row) <= 20 for row in rows) and all(
        cell.get("type") == "raw_text" and cell.get("text") for cell in cells
    )


def _rich(element: Mapping[str, Any]) -> bool:
    kind, inner = element.get("type"), element.get("elements")
    if not isinstance(inner, list) or not inner:
        return False
    if kind == "rich_text_list":
        return element.get("style") in ("bullet", "ordered") and all(
            e.get("type") == "rich_text_section" and _rich(e) for e in inner
        )
    if kind not in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
        return False
    return all(e.get("type") in ("text", "link", "user", "emoji") and (e.get("type") != "text" or e.get("text")) and (e.get("type") != "link" or e.get("url")) for e in inner)  # fmt: skip


def _text(text: Any, most: int) -> bool:
    return isinstance(text, Mapping) and text.get("type") in ("plain_text", "mrkdwn") and 0 < len(text.get("text", "")) <= most


def _plain(text: Any, most: int) -> bool:
    return _text(text, most) and text["type"] == "plain_text"


def _element(element: Mapping[str, Any]) -> bool:
    kind = element.get("type")
    if not 0 < len(element.get("action_id", "")) <= 255:
        return False
    match kind:
        case "button":
            asked = element.get("confirm")
            confirmed = asked is None or (
                _plain(asked.get("title"), 100) and _text(asked.get("text"), 300) and _plain(asked.get("confirm"), 30)
                and _plain(asked.get("deny"), 30)
            )  # fmt: skip
            return (
                confirmed
                and _plain(element.get("text"), 75)
                and len(element.get("value", "")) <= 2000
                and len(element.get("url", "")) <= 3000
            )
        case "static_select":
            options = element.get("options")
            placed = "placeholder" not in element or _plain(element["placeholder"], 150)
            return placed and isinstance(options, list) and 1 <= len(options) <= 100 and all(
                _plain(o.get("text"), 75) and 0 < len(o.get("value", "")) <= 150 for o in options
            )  # fmt: skip
        case "feedback_buttons":
            both = (element.get("positive_button", {}), element.get("negative_button", {}))
            return all(_plain(b.get("text"), 75) and 0 < len(b.get("value", "")) <= 2000 for b in both)
        case "datepicker" | "plain_text_input":
            return True
    return False
