"""ChannelKind, Address and Capability: the ways to talk, and what each can carry."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, get_args

from polyphony.domain.errors import Invalid


class ChannelKind(StrEnum):
    """A way to talk."""

    EMAIL = "email"
    CHAT = "chat"
    LOOPBACK = "loopback"


ChannelName = Literal["email", "chat", "loopback"]
"""A kind with a door, as it is written in requests and in the file of the configuration."""
WorkChannel = Literal[ChannelName, "case_step", "callback"]
"""What an Agent takes and a Queue knows: the kinds with a door, and work nobody wrote to us."""
WORK_KINDS: tuple[str, ...] = get_args(WorkChannel)


@dataclass(frozen=True, slots=True)
class Address:
    """Their end of a channel.

    ``scope`` keeps ids apart that only look global (a chat customer key is scoped by our account);
    it is empty for e-mail. ``value`` is normalised, see the door's manifest.
    """

    kind: ChannelKind
    value: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can carry; lengths in characters, sizes in bytes, None = unlimited."""

    text_max: int | None = None
    format: str = "none"  # none | light | html
    subject: bool = False
    file_max_bytes: int = 25 * 1024 * 1024
    files_per_message: int = 20
    typing: bool = False
    receipts: tuple[str, ...] = ()
    proactive: bool = False
    live: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a door is: its words for people, its capabilities, its defaults.

    ``settings`` is a JSON Schema of one ChannelAccount; secrets carry ``x-secret``.
    ``undo_s`` is the default hold before sending, ``undo_max_s`` the longest, in seconds.
    """

    door: str
    kind: ChannelKind
    how: str  # push | pull | own
    title: dict[str, str]
    help: dict[str, str]
    settings: dict[str, object]
    capabilities: Capabilities
    undo_s: int = 0
    undo_max_s: int = 60
    evidence: str = "counterparty"
    limits: dict[str, int] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, dict[str, object]]:
        """The fields of the form by name."""
        form = self.settings.get("properties")
        return form if isinstance(form, dict) else {}

    def check(self, settings: Mapping[str, object], secrets: Iterable[str]) -> None:
        """Raise Invalid for names the door does not know and for values that do not fit.

        A secret among the settings is refused like an unknown name: it would be told to people.
        """
        fields = self.fields
        hidden = {name for name, about in fields.items() if about.get("x-secret")}
        unknown = (set(settings) - (fields.keys() - hidden)) | (set(secrets) - hidden)
        if unknown:
            names = {"names": sorted(unknown), "known": sorted(fields)}
            raise Invalid("account.setting_unknown", names)
        for name, value in settings.items():
            wanted = _misses(fields[name], value)
            if wanted:
                told = {"name": name, "given": str(value)[:100], "wanted": wanted}
                raise Invalid("account.setting_value", told)

    def check_secrets(self, secrets: Mapping[str, str | None]) -> None:
        """Raise Invalid for a secret that does not fit; it is never repeated. None removes one."""
        for name, value in secrets.items():
            wanted = "" if value is None else _misses(self.fields[name], value)
            if wanted:
                raise Invalid("account.secret_value", {"name": name, "wanted": wanted})


_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
}


def _misses(about: Mapping[str, object], value: object) -> str:
    """Say what a value should be; empty when it fits."""
    kind, choices = about.get("type"), about.get("enum")
    if isinstance(choices, list) and value not in choices:
        return "one of " + ", ".join(map(str, choices))
    if kind is not None and not _is(str(kind), value):
        return f"a value of the type {kind}"
    if isinstance(value, str):
        return _misses_text(about, value)
    if isinstance(value, list):
        items = about.get("items")
        each = items if isinstance(items, dict) else {}
        return next(filter(None, (_misses(each, one) for one in value)), "")
    return _misses_number(about, value) if isinstance(value, int | float) else ""


def _is(kind: str, value: object) -> bool:
    flag = isinstance(value, bool)
    return flag if kind == "boolean" else not flag and isinstance(value, _KINDS.get(kind, object))


def _misses_number(about: Mapping[str, object], value: float) -> str:
    low, high = about.get("minimum"), about.get("maximum")
    if (isinstance(low, int) and value < low) or (isinstance(high, int) and value > high):
        return f"a number from {low}" + ("" if high is None else f" to {high}")
    return ""


def _misses_text(about: Mapping[str, object], value: str) -> str:
    pattern, longest = about.get("pattern"), about.get("maxLength")
    shortest = about.get("minLength")
    if isinstance(longest, int) and len(value) > longest:
        return f"at most {longest} characters"
    if isinstance(shortest, int) and len(value) < shortest:
        return f"at least {shortest} characters"
    if isinstance(pattern, str) and value and not re.search(pattern, value):
        return f"text like {pattern}"
    return ""
