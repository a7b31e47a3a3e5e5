"""Which chat model answers: the analyst, or any model LangChain can start, by one setting.

`provider:model` goes through init_chat_model; with a base address it is any OpenAI-compatible server inside the bank (vLLM, Ollama,
DeepSeek, Qwen). Providers are imported only when one is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel

from assistant.masking import is_outside
from tools.errors import SettingsError

ANALYST = "analyst"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """`name` analyst or provider:model; seconds one call may take; retries of one call after a passing failure. `outside`: the address lies
    outside the bank; None: judged by its host."""

    name: str = ANALYST
    base_url: str | None = None
    key: str | None = None
    timeout: float = 60
    retries: int = 2
    outside: bool | None = None

    @property
    def masked(self) -> bool:
        """Whether personal data is hidden from it."""
        return not self.is_analyst and (is_outside(self.base_url) if self.outside is None else self.outside)

    @property
    def is_analyst(self) -> bool:
        """No outside model."""
        return self.name == ANALYST


def start_model(choice: ModelChoice) -> BaseChatModel:
    """The chat model of `choice`. SettingsError when the name is wrong or its provider is not installed."""
    from langchain.chat_models import init_chat_model

    provider, _, model = choice.name.partition(":")
    if not provider or not model:
        raise SettingsError(
            f"model {choice.name!r} is neither analyst nor provider:model", fix="For example openai:qwen3 with model_base_url"
        )
    options: dict[str, Any] = {"timeout": choice.timeout, "max_retries": choice.retries, "temperature": 0}
    if choice.base_url:
        options["base_url"] = choice.base_url
    if choice.key or (choice.base_url and provider == "openai"):
        # Servers inside a bank often want no key, but the client insists on one.
        options["api_key"] = choice.key or "none"
    try:
        started: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
        return started
    except ImportError as problem:
        raise SettingsError(
            f"the provider {provider!r} is not installed: {problem}", fix=f"pip install langchain-{provider}"
        ) from problem
    except ValueError as problem:
        raise SettingsError(
            f"model {choice.name!r} cannot be started: {problem}", fix="Check model and model_base_url"
        ) from problem
