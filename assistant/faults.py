"""Failures of a model's address, told apart from faults of our own: unreachable, refused, too slow, too many requests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tools.errors import ModelUnavailable


@contextmanager
def model_faults() -> Iterator[None]:
    """Turns what a provider's client raises into ModelUnavailable, without importing any provider."""
    try:
        yield
    except Exception as problem:
        if not _from_model(problem):
            raise
        raise ModelUnavailable(
            f"the model did not answer: {type(problem).__name__}", fix="Check model_base_url and the server"
        ) from problem


def _from_model(problem: BaseException) -> bool:
    """Errors of HTTP clients and providers; providers are only known when they were loaded."""
    kinds: list[type[BaseException]] = []
    for module, names in (
        ("openai", ("OpenAIError",)),
        ("httpx", ("HTTPError", "InvalidURL")),
        ("anthropic", ("AnthropicError",)),
    ):
        loaded = sys.modules.get(module)
        kinds += [kind for name in names if isinstance(kind := getattr(loaded, name, None), type)]
    return isinstance(problem, (*kinds, ConnectionError, TimeoutError))
