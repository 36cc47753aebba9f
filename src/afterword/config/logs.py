"""What the program says of itself: text on a terminal, one JSON object a line elsewhere."""

from __future__ import annotations

import logging
import logging.config
import multiprocessing
import re
import sys
from types import TracebackType
from typing import Any

from afterword.config.env import Env


def start_logging(env: Env, part: str) -> None:
    """Log as this part of the program (`web`, `worker`, `supervisor`) from now on, crashes included."""
    multiprocessing.current_process().name = part
    logging.config.dictConfig(describe_logging(env))
    logging.captureWarnings(True)
    sys.excepthook = _log_crash


class WithoutLinks(logging.Filter):
    """Takes out of each line what stands for a person in an address: whoever reads logs is not that person.

    Django logs the address of each request that it refuses, also of one that only lacked a word.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _LINK.search(message) is not None:
            record.msg, record.args = _LINK.sub(r"\1…", message), ()
        # Of Django: written as its method and its whole address.
        if (request := vars(record).get("request")) is not None:
            record.request = _LINK.sub(r"\1…", repr(request))
        return True


def describe_logging(env: Env) -> dict[str, Any]:
    """The logging of every part, as `logging.config.dictConfig` takes it."""
    as_json = env.log_format == "json" or (env.log_format == "auto" and not sys.stderr.isatty())
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {
                "format": "%(asctime)s %(processName)-10s %(levelname)-7s %(message)s",
                "datefmt": "%H:%M:%S",
            },
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": "%(levelname)s %(processName)s %(name)s %(message)s",
                "rename_fields": {
                    "levelname": "level",
                    "processName": "part",
                    "name": "logger",
                    "exc_info": "traceback",
                },
                "timestamp": "at",
                # uvicorn's messages carry a second copy of themselves, for colours.
                "reserved_attrs": [*_RESERVED, "color_message"],
            },
        },
        "filters": {"without_links": {"()": WithoutLinks}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json" if as_json else "text",
                "filters": ["without_links"],
            },
        },
        "root": {"handlers": ["stderr"], "level": env.log_level.upper()},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "uvicorn.access": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            # At a lower level they log what is sent to a model.
            **{name: {"level": "WARNING"} for name in ("anthropic", "httpx2", "openai")},
        },
    }


_LINK = re.compile(r"(/(?:answer|ack|password/reset)/)[^\s'\"/>]+")
"""The pages that a link opens to whoever has it."""
_RESERVED = [*vars(logging.makeLogRecord({})), "message", "asctime"]


def _log_crash(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("afterword").critical("Stopped by a bug.", exc_info=(kind, error, traceback))
