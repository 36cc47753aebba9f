"""One call of a model, over whatever format its endpoint speaks.

`pydantic_ai` is loaded by the first call and by nothing else. It writes the request and reads the answer;
the way out is `lib.outgoing`, so that a call has a deadline and an answer an end, redirects lead nowhere and
no proxy of the environment is asked. The administrator names the endpoint, often one of the same machine.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from afterword.drafting.model.asking import FORM
from afterword.drafting.model.outcomes import CallOutcome, ModelSettings, Provider
from afterword.lib import outgoing

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.models import Model

ANSWER_BYTES_MAX = 1024 * 1024
ENDPOINTS = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}
"""The providers' own, where the administrator names none."""
NO_KEY = "none"
"""Sent where an endpoint asks for no key: the clients refuse to go without one."""


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    text: str
    by_model: bool = False


@dataclass(frozen=True)
class Answer:
    """What a model answered, and how many tokens there were as far as its endpoint says so."""

    text: str
    tokens_sent: int = 0
    tokens_answered: int = 0


class NoAnswer(Exception):
    """A call came to nothing. The message says why, and holds nothing that was sent or answered."""

    def __init__(
        self, outcome: CallOutcome, words: str, *, status: int | None = None, answer: Answer | None = None
    ) -> None:
        super().__init__(words)
        self.outcome = outcome
        self.words = words
        self.status = status
        self.answer = answer
        """Of an answer that is of no use, how many tokens it took."""


def load(provider: Provider) -> None:
    """Load what talks to a provider, some seconds the first time, so that no call is kept waiting for it."""
    import_module("pydantic_ai.direct")
    import_module(f"pydantic_ai.models.{'anthropic' if provider == 'anthropic' else 'openai'}")


def ask(
    settings: ModelSettings,
    instructions: str,
    turns: Sequence[Turn],
    *,
    seconds_max: float,
    answer_tokens_max: int,
) -> Answer:
    """The answer to a conversation, within the seconds. Raises NoAnswer, whatever is wrong."""
    started = time.monotonic()
    way = _WayOut(settings, seconds_max)
    try:
        response = asyncio.run(_request(settings, instructions, turns, way, answer_tokens_max))
    except Exception as error:
        # Libraries of three makers and whatever an endpoint sends them: all of it is no answer.
        raise _no_answer(error, way, is_late=time.monotonic() - started >= seconds_max) from None
    return _read(response)


async def _request(
    settings: ModelSettings,
    instructions: str,
    turns: Sequence[Turn],
    way: _WayOut,
    answer_tokens_max: int,
) -> ModelResponse:
    from pydantic_ai.direct import model_request
    from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart, UserPromptPart
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.output import OutputObjectDefinition

    messages: list[ModelMessage] = [
        ModelResponse(parts=[TextPart(turn.text)])
        if turn.by_model
        else ModelRequest(parts=[UserPromptPart(turn.text)], instructions=instructions)
        for turn in turns
    ]
    model, knows_schemas = _model(settings, way)
    return await model_request(
        model,
        messages,
        model_settings={"max_tokens": answer_tokens_max},
        model_request_parameters=ModelRequestParameters(
            output_mode="native" if knows_schemas else "text",
            output_object=OutputObjectDefinition(FORM, name="section", strict=True)
            if knows_schemas
            else None,
            allow_text_output=not knows_schemas,
        ),
        instrument=False,
    )


def _model(settings: ModelSettings, way: _WayOut) -> tuple[Model[Any], bool]:
    """The model, and whether its endpoint can be given a schema to keep to."""
    endpoint = settings.endpoint or ENDPOINTS[settings.provider]
    key = settings.key or NO_KEY
    client = _client(way)
    if settings.provider == "anthropic":
        from anthropic import AsyncAnthropic
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

        spoken = AsyncAnthropic(base_url=endpoint, api_key=key, http_client=client, max_retries=0)
        claude = AnthropicModel(settings.model, provider=AnthropicProvider(anthropic_client=spoken))
        return claude, bool(claude.profile.get("supports_json_schema_output"))
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.ollama import OllamaProvider
    from pydantic_ai.providers.openai import OpenAIProvider
    from pydantic_ai.providers.vllm import VLLMProvider

    providers = {"openai": OpenAIProvider, "ollama": OllamaProvider, "vllm": VLLMProvider}
    provider = providers[settings.provider](
        openai_client=AsyncOpenAI(base_url=endpoint, api_key=key, http_client=client, max_retries=0)
    )
    return OpenAIChatModel(settings.model, provider=provider), True


def _read(response: ModelResponse) -> Answer:
    usage = response.usage
    answer = Answer(response.text or "", usage.input_tokens, usage.output_tokens)
    if response.finish_reason == "length":
        raise NoAnswer(CallOutcome.CUT, "The model's answer was cut off.", answer=answer)
    if response.finish_reason == "content_filter":
        raise NoAnswer(CallOutcome.DECLINED, "The model declined to write it.", answer=answer)
    if not answer.text.strip():
        raise NoAnswer(CallOutcome.UNREADABLE, "The model's answer was empty.", answer=answer)
    return answer


def _no_answer(error: Exception, way: _WayOut, *, is_late: bool) -> NoAnswer:
    if isinstance(error, NoAnswer):
        return error
    if is_late or way.is_late:
        return NoAnswer(CallOutcome.SLOW, "The model took too long.")
    if way.failure:
        return NoAnswer(CallOutcome.UNREACHABLE, f"The model could not be reached ({way.failure}).")
    if way.status == 429:
        return NoAnswer(CallOutcome.BUSY, "The model has too much to do (429).", status=429)
    if way.status is not None and way.status >= 500:
        return NoAnswer(CallOutcome.BROKEN, f"The model's endpoint failed ({way.status}).", status=way.status)
    if way.status is not None and way.status >= 300:
        words = f"The model's endpoint refused the request ({way.status})."
        return NoAnswer(CallOutcome.REFUSED, words, status=way.status)
    if way.is_cut:
        return NoAnswer(CallOutcome.CUT, "The model's answer was cut off.")
    if type(error).__name__ == "ContentFilterError":
        return NoAnswer(CallOutcome.DECLINED, "The model declined to write it.")
    return NoAnswer(CallOutcome.UNREADABLE, "The model's answer was in no form that can be read.")


class _WayOut:
    """Where requests go out, and what is known of how the last one went."""

    def __init__(self, settings: ModelSettings, seconds_max: float) -> None:
        self._deadline = time.monotonic() + seconds_max
        self.status: int | None = None
        self.failure = ""
        self.is_late = False
        self.is_cut = False

    def send(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> outgoing.Answer:
        """Raises outgoing's failures."""
        import httpcore

        left = self._deadline - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            answer = outgoing.post(
                url,
                body,
                headers=dict(headers),
                allow_private=True,
                seconds_max=left,
                answer_bytes_max=ANSWER_BYTES_MAX,
            )
        except (TimeoutError, httpcore.TimeoutException):
            self.is_late = True
            raise
        except httpcore.RemoteProtocolError:
            # It began to answer and went away.
            self.is_cut = True
            raise
        except Exception as error:
            self.failure = type(error).__name__
            raise
        self.status = answer.status
        self.is_cut = len(answer.body) >= ANSWER_BYTES_MAX
        return answer


def _client(way: _WayOut) -> Any:
    import httpx2

    return httpx2.AsyncClient(transport=_transport_class()(way), trust_env=False, follow_redirects=False)


@cache
def _transport_class() -> Any:
    """Made when it is needed: its base class is of a library that is not there without the extra."""
    import httpx2

    class Transport(httpx2.AsyncBaseTransport):
        def __init__(self, way: _WayOut) -> None:
            self._way = way

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            body = await request.aread()
            dropped = ("content-length", "connection", "accept-encoding", "transfer-encoding")
            headers = [
                (name, value) for name, value in request.headers.items() if name.lower() not in dropped
            ]
            answer = await asyncio.to_thread(self._way.send, str(request.url), headers, body)
            return httpx2.Response(
                answer.status,
                headers={"content-type": "application/json"},
                content=answer.body,
                request=request,
            )

    return Transport
