"""A Slack to test against: on loopback, with the rules of the real one that break apps (limits, signatures, retries, 429s, streams)."""

from eval.fake_slack.server import FakeSlack
from eval.fake_slack.workspace import Workspace

__all__ = ["FakeSlack", "Workspace"]
