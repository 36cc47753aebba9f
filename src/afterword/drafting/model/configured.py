"""Whether a model can write drafts here, and which."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings

from afterword.drafting.model.outcomes import ModelSettings


def model_settings() -> ModelSettings | None:
    """What the administrator has set; None where nothing is, or the extra `afterword[ai]` is not installed.

    Nothing of the extra is loaded by asking.
    """
    if not settings.AI_MODEL or not is_installed():
        return None
    return ModelSettings(
        provider=settings.AI_PROVIDER,
        endpoint=settings.AI_ENDPOINT,
        model=settings.AI_MODEL,
        key=settings.AI_KEY,
        seconds_max=settings.AI_SECONDS_MAX,
        tokens_max=settings.AI_TOKENS_MAX,
        money_max=settings.AI_MONEY_MAX,
        price_sent=settings.AI_PRICE_SENT,
        price_answered=settings.AI_PRICE_ANSWERED,
        calls_at_once_max=settings.AI_CALLS_AT_ONCE_MAX,
    )


def is_installed() -> bool:
    """Whether the extra `afterword[ai]` is there."""
    return find_spec("pydantic_ai") is not None
