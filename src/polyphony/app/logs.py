"""Logs as JSON lines (coloured words on a terminal); secrets and personal values never get in."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET_KEY = re.compile(
    r"(^|_)(password|secret|token|authorization|cookie|pii|api_key|private_key)(_|$)"
)
_SECRET_TEXT = re.compile(
    r"(?P<url>://[^\s:/@]+:)[^\s@]+(?=@)"  # passwords inside URLs
    r"|(?P<bearer>[Bb]earer\s+)\S+"
    r"|(?P<signed>\bv1\.[\w-]+\.)[\w.-]{16,}"
)

_CHATTY = ("psycopg.pool", "httpx", "uvicorn.error")
"""Libraries that tell of every connection: the line a newcomer needs would drown in theirs."""


def _blank(found: re.Match[str]) -> str:
    kept = found["url"] or found["bearer"] or found["signed"] or ""
    return kept + "***"


def redact(_logger: object, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop values under secret or personal keys, blank what looks like a secret inside texts."""
    for key, value in tuple(line.items()):
        if _SECRET_KEY.search(key):
            line[key] = "***"
        elif isinstance(value, str):
            line[key] = _SECRET_TEXT.sub(_blank, value)
    return line


def configure(level: str, role: str) -> None:
    """Send our lines and those of libraries to standard error in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    terminal = sys.stderr.isatty()
    shape = (
        structlog.dev.ConsoleRenderer(colors=terminal)
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shape],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel("WARNING")
    structlog.contextvars.bind_contextvars(role=role)
