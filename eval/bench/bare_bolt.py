"""The baseline of the Slack benchmark: a Bolt app that does nothing but acknowledge. `python -m eval.bench.bare_bolt API_URL`."""

from __future__ import annotations

import logging
import sys
import threading

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from eval.fake_slack.server import APP_TOKEN, TOKEN


def main(api_url: str) -> None:
    """Connects and acknowledges until it is killed."""
    quiet = logging.getLogger("bare")
    quiet.setLevel(logging.ERROR)
    app = App(client=WebClient(token=TOKEN, base_url=api_url), logger=quiet)
    app.event("message")(_nothing)
    app.event("app_mention")(_nothing)
    client = WebClient(base_url=api_url)
    SocketModeHandler(app, APP_TOKEN, web_client=client, logger=quiet).connect()  # type: ignore[no-untyped-call]
    threading.Event().wait()


def _nothing() -> None:
    return None


if __name__ == "__main__":
    main(sys.argv[1])
