"""An e-mail: its headers and body as blocks; attachments are documents of their own (ingestion.archives)."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from ingestion.blocks import Block, Reading
from ingestion.readers.html import html_reading
from ingestion.readers.plain import text_reading
from tools.errors import UnreadableFile

SHOWN = ("From", "To", "Cc", "Date", "Subject")


def parsed(data: bytes) -> EmailMessage:
    """The message; broken headers are kept as far as they can be read."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def email_reading(data: bytes, name: str) -> Reading:
    """Header lines as "#p1"…, then the body. Raises UnreadableFile (empty) without a body or attachment."""
    message = parsed(data)
    head = [f"{key}: {_header(message, key)}" for key in SHOWN if _header(message, key)]
    body = message.get_body(preferencelist=("plain", "html"))
    reading = Reading([])
    if body is not None:
        raw = body.get_payload(decode=True)
        content = raw if isinstance(raw, bytes) else b""
        if body.get_content_subtype() == "html":
            reading = html_reading(content, name) if content.strip() else reading
        else:
            charset = body.get_content_charset() or "utf-8"
            try:
                reading = text_reading(content.decode(charset, errors="replace"))
            except LookupError:
                reading = text_reading(content.decode("utf-8", errors="replace"))
    if not reading.blocks and not head:
        raise UnreadableFile("the e-mail is empty", reason="empty", where=name, fix="Ask for it again")
    lead = [Block(text, locator=f"#p{at}") for at, text in enumerate(head, 1)]
    moved = [_moved(block, len(head)) for block in reading.blocks]
    try:
        written = parsedate_to_datetime(_header(message, "Date")).date()
    except (ValueError, TypeError):
        written = None
    return Reading([*lead, *moved], title=_header(message, "Subject"), written=written, messages=reading.messages)


def _header(message: EmailMessage, key: str) -> str:
    try:
        return str(message.get(key, "") or "").strip()
    except (ValueError, IndexError, AttributeError, TypeError):  # the stdlib parser fails on some hostile headers
        return ""


def _moved(block: Block, by: int) -> Block:
    """Paragraph numbers count on after the header lines."""
    if block.locator is None or not block.locator.startswith("#p"):
        return block
    number = int(block.locator[2:]) + by
    return Block(block.text, block.role, None, f"#p{number}", block.level, block.table, block.header, block.cells)
