"""Preference: what a person likes in the workspace: look, keys, panels, notices, quiet hours."""

import re
from collections.abc import Mapping
from datetime import datetime, time

from polyphony.domain.errors import Invalid

Json = dict[str, object]

WAYS = ("screen", "sound", "os", "email")
"""How a notice can reach a person; ``os`` is the system's own notification and web push."""

NOTIFY: Mapping[str, tuple[str, ...]] = {
    "offer": ("screen", "sound", "os"),
    "message": ("screen",),
    "mention": ("screen", "sound", "os"),
    "followed_reply": ("screen",),
    "sla_warning": ("screen", "sound"),
    "delivery_failed": ("screen", "sound"),
    "help_raised": ("screen", "sound", "os"),
    "whisper": ("screen", "sound"),
    "job_done": ("screen",),
    "snooze_over": ("screen",),
    "escalation": ("screen", "sound", "os"),
    "presence_changed": ("screen", "sound", "os"),
    "return_due": ("screen", "sound"),
    "rule_failed": ("screen",),
    "alert": ("screen", "sound", "os"),
    "taken_over": ("screen", "sound"),
    "monitored": ("screen",),
}
"""Kinds of notices with the ways that are on until the person says otherwise."""

DEFAULTS: Mapping[str, object] = {
    "theme": "system",
    "density": "comfortable",
    "font_scale": 100,
    "single_keys": True,
    "keys": {},
    "panels": {},
    "quiet": None,
    "volume": 60,
    "draft_private": False,
    "send_and": "reply",
}
MERGED = ("keys", "panels", "notify")
"""Settings that are changed entry by entry; null takes an entry back to what it was built as."""

_STEP = r"(?:Mod\+)?(?:Shift\+)?(?:[^\s+]|[A-Z][A-Za-z]{1,10}\d{0,2}|F\d{1,2})"
COMBO = re.compile(rf"(?:{_STEP}(?: {_STEP})?)?")
"""One combination of keys, or two one after the other; empty switches a command's keys off."""

ALTGR = frozenset("[]{}\\@|")
"""Characters that need AltGr on Czech, Polish and Russian keyboards."""

ENTRIES = 120
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def complete(kept: Mapping[str, object]) -> Json:
    """Return all settings of a person: what was kept, the rest as built."""
    told = dict(DEFAULTS) | {key: kept[key] for key in DEFAULTS if key in kept}
    notify = _entries(kept.get("notify"))
    told["notify"] = {
        kind: {way: way in ways for way in WAYS} | _entries(notify.get(kind))
        for kind, ways in NOTIFY.items()
    }
    return told


def merged(kept: Mapping[str, object], change: Mapping[str, object]) -> Json:
    """Return what to keep after a change; raise Invalid when it breaks a rule of keys or names."""
    now = dict(kept)
    for key, value in change.items():
        if key in MERGED:
            now[key] = _merge(_entries(kept.get(key)), _entries(value))
        else:
            now[key] = value
    _check_keys(_entries(now.get("keys")))
    for name in (*_entries(now.get("keys")), *_entries(now.get("panels"))):
        if not NAME.fullmatch(name):
            raise Invalid("settings.name", {"name": name[:60]})
    if len(_entries(now.get("keys"))) > ENTRIES or len(_entries(now.get("panels"))) > ENTRIES:
        raise Invalid("settings.too_many", {"limit": ENTRIES})
    return now


def _entries(value: object) -> Json:
    return {str(key): one for key, one in value.items()} if isinstance(value, Mapping) else {}


def _merge(kept: Json, change: Json) -> Json:
    """Entries of the change replace or, being objects themselves, complete the kept ones."""
    now = dict(kept)
    for key, value in change.items():
        if value is None:
            now.pop(key, None)
        elif isinstance(value, Mapping):
            now[key] = _entries(kept.get(key)) | _entries(value)
        else:
            now[key] = value
    return now


def _check_keys(keys: Json) -> None:
    """Refuse what no screen would put into force: Alt, AltGr characters, one key for two."""
    taken: dict[str, str] = {}
    for command, value in keys.items():
        combo = str(value)
        if not COMBO.fullmatch(combo) or any(step[-1] in ALTGR for step in combo.split()):
            raise Invalid("settings.key", {"command": command[:60], "keys": combo[:60]})
        if combo and taken.setdefault(combo, command) != command:
            raise Invalid("settings.key_taken", {"keys": combo, "command": taken[combo]})


def wants(settings: Mapping[str, object], kind: str, way: str) -> bool:
    """Tell whether a person wants notices of a kind in a way; quiet hours are asked apart."""
    notify = _entries(complete(settings)["notify"])
    return _entries(notify.get(kind)).get(way) is True


def is_quiet(settings: Mapping[str, object], local: datetime) -> bool:
    """Tell whether the moment, in the person's own zone, lies in the quiet hours.

    ``days`` (0 = Monday) are those on which a quiet stretch begins; none means every day.
    """
    quiet = settings.get("quiet")
    if not isinstance(quiet, Mapping):
        return False
    begin, end = time.fromisoformat(str(quiet["from"])), time.fromisoformat(str(quiet["to"]))
    named = quiet.get("days")
    days = set(named) if isinstance(named, list | tuple) and named else set(range(7))
    at, today = local.time(), local.weekday()
    if begin <= end:
        return begin <= at < end and today in days
    return (at >= begin and today in days) or (at < end and (today - 1) % 7 in days)
