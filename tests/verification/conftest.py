"""The assistant's small bank, for the gate's own tests."""

from tests.assistant.conftest import small

__all__ = ["small"]
