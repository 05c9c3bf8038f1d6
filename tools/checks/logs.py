"""Log lines: static text, and no personal value under a key without the segment ``pii``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.checks.tree import Tree

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
LOGGERS = {"log", "_log", "logger", "_logger"}
PERSONAL = {
    "email",
    "phone",
    "subject",
    "text",
    "body",
    "customer_name",
    "sender",
    "recipient",
    "to_address",
    "from_address",
    "password",
    "token",
    "secret",
}


def find(tree: Tree) -> Iterator[str]:
    """Yield log calls whose text is composed or whose keys are personal."""
    for module in tree.modules:
        for name, call in module.calls():
            logger, _, level = name.rpartition(".")
            if level not in LEVELS or logger.rpartition(".")[2] not in LOGGERS:
                continue
            first = call.args[0] if call.args else None
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                yield module.at(call, "a log line has a static text; values are attributes")
            for keyword in call.keywords:
                if keyword.arg in PERSONAL:
                    yield module.at(call, f"{keyword.arg}= is personal: name it {keyword.arg}_pii")
