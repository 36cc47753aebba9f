"""What the program says of itself: text on a terminal, one JSON object a line elsewhere."""

from __future__ import annotations

import logging
import logging.config
import multiprocessing
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
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json" if as_json else "text"},
        },
        "root": {"handlers": ["stderr"], "level": env.log_level.upper()},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "uvicorn.access": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
        },
    }


_RESERVED = [*vars(logging.makeLogRecord({})), "message", "asctime"]


def _log_crash(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("afterword").critical("Stopped by a bug.", exc_info=(kind, error, traceback))
