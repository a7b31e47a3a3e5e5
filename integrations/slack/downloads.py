"""Bytes of a file somebody uploaded to Slack: from Slack's own hosts only, with the bot's token, never more than the limit."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from integrations.slack.wire import Later, Refused, Wire
from tools.errors import LoanwardError

HOSTS = ("files.slack.com",)
SECONDS = 60
CHUNK = 1 << 16
_NAME = re.compile(r"[^\w.()（）\[\]【】+，, -]", re.UNICODE)


class NotTaken(LoanwardError):
    """A file that is not taken in; `phrase` and `slots` say why in the person's language."""

    def __init__(self, phrase: str, **slots: Any) -> None:
        super().__init__(phrase)
        self.phrase, self.slots = phrase, slots


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token must not travel to where a redirect points."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Downloads:
    """`limit` in bytes. The host of the API address counts as Slack's own, for a proxy of the bank."""

    def __init__(self, wire: Wire, token: str, limit: int) -> None:
        self.wire, self.token, self.limit = wire, token, limit
        base = urlsplit(wire.base_url)
        self.origins = {("https", host) for host in HOSTS} | {(base.scheme, base.netloc)}
        self.opener = urllib.request.build_opener(_NoRedirect)

    def fetch(self, file: Mapping[str, Any], folder: Path) -> Path:
        """The file in `folder`, under its own name made harmless. Raises NotTaken, or Later when Slack does not answer."""
        if file.get("file_access") == "check_file_info" or not (file.get("url_private_download") or file.get("url_private")):
            file = self._info(str(file.get("id", "")))
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        parts = urlsplit(url)
        if file.get("is_external") or file.get("mode") == "external" or (parts.scheme, parts.netloc) not in self.origins:
            raise NotTaken("file_external", host=parts.hostname or "?")
        if file.get("mode") == "tombstone" or not url:
            raise NotTaken("file_gone")
        size = int(file.get("size") or 0)
        if size > self.limit:
            raise self._too_large(size)
        path = folder / safe_name(str(file.get("name") or file.get("id") or "file"))
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self.token}"})
        try:
            with self.opener.open(request, timeout=SECONDS) as answer, path.open("wb") as out:
                if str(answer.headers.get("Content-Type", "")).startswith("text/html") and not is_html(
                    str(file.get("mimetype"))
                ):
                    raise NotTaken("file_login")
                self._copy(answer, out)
        except urllib.error.HTTPError as problem:
            if problem.code == 429 or problem.code >= 500:
                raise Later(f"download: {problem.code}", float(problem.headers.get("Retry-After") or 2)) from problem
            raise NotTaken(
                "file_login" if 300 <= problem.code < 400 or problem.code in (401, 403) else "file_gone"
            ) from problem
        except OSError as problem:
            raise Later(f"download: {type(problem).__name__}") from problem
        return path

    def _copy(self, answer: IO[bytes], out: IO[bytes]) -> None:
        """What Slack says of a file's size is not trusted: the bytes are counted."""
        total = 0
        while piece := answer.read(CHUNK):
            total += len(piece)
            if total > self.limit:
                raise self._too_large(total)
            out.write(piece)

    def _info(self, id: str) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = self.wire.call("files.info", file=id)["file"]
        except Refused as problem:
            raise NotTaken("file_gone") from problem
        return found

    def _too_large(self, size: int) -> NotTaken:
        return NotTaken("file_too_large", size=megabytes(size), most=megabytes(self.limit))


def is_html(mimetype: str) -> bool:
    """Whether the file itself is a page."""
    return mimetype.startswith("text/html")


def megabytes(size: int) -> str:
    """For people."""
    return f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{max(size // 1000, 1)} KB"


def safe_name(name: str) -> str:
    """A file name without a way out of its folder."""
    cleaned = _NAME.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")
    return cleaned[-120:] or "file"
