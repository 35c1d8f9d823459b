"""One line for each thing worth knowing: JSON where machines read it, plain text where a person does.

Every line carries the request's or task's id. Names, numbers and messages of customers never get here.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import structlog


def _without_request(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Django adds the request to what it logs, and with it the query: what somebody searched for."""
    event.pop("request", None)
    return event


# What both structlog's own loggers and the standard library's pass through.
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    _without_request,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

# A traceback's local variables are what people wrote; both of structlog's defaults print them.
_PLACES_ONLY = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def configuration(*, as_json: bool, level: str) -> dict[str, Any]:
    """Return Django's LOGGING and set structlog up to go through it. `level` is the least severity written."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderers: list[Any] = (
        [structlog.processors.ExceptionRenderer(_PLACES_ONLY), structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would mail or double lines; a refused host is the sender's mistake.
            "django": {"handlers": [], "propagate": True},
            "django.security.DisallowedHost": {"level": "ERROR"},
            "axes": {"level": "WARNING"},
            "celery": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
            # It misses a host's name in the address of a socket file, at each connection.
            "kombu.connection": {"level": "ERROR"},
            "uvicorn.access": {"level": "WARNING"},
            "uvicorn.error": {"level": "WARNING" if level == "INFO" else level},
        },
    }
