"""Writes tests/domain/filter_vectors.json: what filter trees must answer, for both languages.

Run `python -m tests.make.filter_vectors` after a change of the grammar. The expectations of the
grid come from a naive oracle that shares no line with the product; those of the hand cases were
written by a person and are only copied.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FILE = Path(__file__).parents[1] / "domain" / "filter_vectors.json"
Json = dict[str, Any]


def uid(n: int) -> str:
    return f"01a20000-0000-7000-8000-{n:012d}"


ME, ANNA, LOANS, CARDS, QUEUE, TRIAGE, CUSTOMER = (uid(n) for n in range(1, 8))
CONTEXT: Json = {"now": "2026-03-29T14:30:00Z", "me": ME, "zone": "Europe/Prague"}
BASE: Json = {
    "state": "open", "priority": "normal", "tier": "standard", "department": LOANS,
    "customer": CUSTOMER, "owner": None, "language": None, "queue": [], "agent": [],
    "channel": ["email"], "tags": [], "unread": False, "help": False, "snoozed": False,
    "opened_at": "2026-03-27T08:00:00Z", "last_at": "2026-03-29T14:00:00Z", "due_at": None,
    "text": ["Žádost o půjčku", "Dobrý den", "Jiří Novák", "26 0412 7352", "2604127352"],
}  # fmt: skip


def ask(field: str, op: str, value: object = None) -> Json:
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


# ── by hand ─────────────────────────────────────────────────────────────────────────────────────

HAND: list[tuple[str, Json, Json, Json, bool]] = [
    ("empty all holds", {"all": []}, {}, {}, True),
    ("empty any does not", {"any": []}, {}, {}, False),
    ("not of empty any", {"not": {"any": []}}, {}, {}, True),
    ("a missing owner is not anybody", ask("owner", "is_not", ANNA), {}, {}, True),
    ("a missing owner is nobody", ask("owner", "is", ANNA), {}, {}, False),
    ("a missing owner is in no list", ask("owner", "in", [ANNA, "me"]), {}, {}, False),
    ("a missing owner is outside every list", ask("owner", "not_in", [ANNA]), {}, {}, True),
    ("me is who asks", ask("owner", "is", "me"), {"owner": ME}, {}, True),
    ("me is not a colleague", ask("owner", "is", "me"), {"owner": ANNA}, {}, False),
    ("me moves with who asks", ask("owner", "is", "me"), {"owner": ANNA}, {"me": ANNA}, True),
    ("no language is empty", ask("language", "empty"), {}, {}, True),
    ("a language is not empty", ask("language", "empty"), {"language": "cs"}, {}, False),
    ("no due date is not before", ask("due_at", "before", "now"), {}, {}, False),
    ("no due date is not after", ask("due_at", "after", "now"), {}, {}, False),
    ("not before holds for no due date", {"not": ask("due_at", "before", "now")}, {}, {}, True),
    ("in the morning of summer time", ask("last_at", "after", "today"),
     {"last_at": "2026-03-28T23:00:00Z"}, {}, True),
    ("a second before that day", ask("last_at", "after", "today"),
     {"last_at": "2026-03-28T22:59:59Z"}, {}, False),
    ("the day after has begun in summer time", ask("last_at", "after", "today+1d"),
     {"last_at": "2026-03-29T22:00:00Z"}, {}, True),
    ("and not a second earlier", ask("last_at", "after", "today+1d"),
     {"last_at": "2026-03-29T21:59:59Z"}, {}, False),
    ("two days from now are 48 hours", ask("last_at", "before", "now-2d"),
     {"last_at": "2026-03-27T14:29:59Z"}, {}, True),
    ("and no minute less", ask("last_at", "before", "now-2d"),
     {"last_at": "2026-03-27T14:30:00Z"}, {}, False),
    ("the week begins on Monday", ask("last_at", "after", "week"),
     {"last_at": "2026-03-22T23:00:00Z"}, {}, True),
    ("Sunday was last week", ask("last_at", "after", "week"),
     {"last_at": "2026-03-22T22:59:59Z"}, {}, False),
    ("the month begins in winter time", ask("last_at", "before", "month"),
     {"last_at": "2026-02-28T22:59:59Z"}, {}, True),
    ("midnight in New York", ask("last_at", "after", "2026-03-29"),
     {"last_at": "2026-03-29T04:00:00Z"}, {"zone": "America/New_York"}, True),
    ("not yet midnight in New York", ask("last_at", "after", "2026-03-29"),
     {"last_at": "2026-03-29T03:59:59Z"}, {"zone": "America/New_York"}, False),
    ("half hours of India", ask("last_at", "after", "today"),
     {"last_at": "2026-03-28T18:30:00Z"}, {"zone": "Asia/Kolkata"}, True),
    ("a day that begins at one o'clock", ask("last_at", "after", "today"),
     {"last_at": "2026-03-28T22:00:00Z"}, {"zone": "Asia/Beirut"}, True),
    ("and not before its gap", ask("last_at", "after", "today"),
     {"last_at": "2026-03-28T21:59:59Z"}, {"zone": "Asia/Beirut"}, False),
    ("midnight comes twice in Havana, the first counts", ask("last_at", "after", "2026-11-01"),
     {"last_at": "2026-11-01T04:00:00Z"}, {"zone": "America/Havana"}, True),
    ("before the first of two midnights", ask("last_at", "after", "2026-11-01"),
     {"last_at": "2026-11-01T03:59:59Z"}, {"zone": "America/Havana"}, False),
    ("a moment with an offset of its own", ask("last_at", "after", "2026-03-29T16:00:00+02:00"),
     {"last_at": "2026-03-29T14:00:00Z"}, {"zone": "Asia/Kolkata"}, True),
    ("an unknown zone is UTC", ask("last_at", "after", "today"),
     {"last_at": "2026-03-29T00:00:00Z"}, {"zone": "Nowhere/Land"}, True),
    ("older than two days, to the second", ask("age", "at_least", "2d"),
     {"opened_at": "2026-03-27T14:30:00Z"}, {}, True),
    ("a second younger", ask("age", "at_least", "2d"),
     {"opened_at": "2026-03-27T14:30:01Z"}, {}, False),
    ("at most two days includes both", ask("age", "at_most", "2d"),
     {"opened_at": "2026-03-27T14:30:00Z"}, {}, True),
    ("Czech without its marks", ask("text", "contains", "zadost o pujcku"), {}, {}, True),
    ("marks in the question", ask("text", "contains", "NOVÁK"), {}, {}, True),
    ("marks in neither", ask("text", "contains", "jiri"), {}, {}, True),
    ("Polish l with a stroke", ask("text", "contains", "zlota lodz"),
     {"text": ["Złota Łódź"]}, {}, True),
    ("Russian yo", ask("text", "contains", "елка"), {"text": ["Ёлка"]}, {}, True),
    ("German sharp s", ask("text", "contains", "STRASSE"), {"text": ["Straße"]}, {}, True),
    ("marks written apart", ask("text", "contains", "kůň"),
     {"text": ["ku\u030an\u030c"]}, {}, True),
    ("a percent sign is itself", ask("text", "contains", "100%"), {"text": ["1000"]}, {}, False),
    ("an underscore is itself", ask("text", "contains", "a_c"), {"text": ["abc"]}, {}, False),
    ("a backslash is itself", ask("text", "contains", "a\\b"), {"text": ["a\\b"]}, {}, True),
    ("words do not run over parts", ask("text", "contains", "ab"),
     {"text": ["a", "b"]}, {}, False),
    ("the reference as it is printed", ask("text", "contains", "26 0412"), {}, {}, True),
    ("the reference as digits", ask("text", "contains", "260412"), {}, {}, True),
    ("nothing written contains nothing", ask("text", "contains", "a"), {"text": []}, {}, False),
    ("and therefore not", ask("text", "not_contains", "a"), {"text": []}, {}, True),
    ("one of its queues is enough", ask("queue", "is", QUEUE),
     {"queue": [TRIAGE, QUEUE]}, {}, True),
    ("is not means none of them", ask("queue", "is_not", QUEUE),
     {"queue": [TRIAGE, QUEUE]}, {}, False),
    ("no tag is empty", ask("tags", "empty"), {}, {}, True),
    ("no tag is none of these", ask("tags", "not_in", ["loan"]), {}, {}, True),
    ("tags are compared to the letter", ask("tags", "is", "Loan"), {"tags": ["loan"]}, {}, False),
    ("high is at least high", ask("priority", "at_least", "high"), {"priority": "high"}, {}, True),
    ("normal is less", ask("priority", "at_least", "high"), {}, {}, False),
    ("critical is more", ask("priority", "at_least", "high"), {"priority": "critical"}, {}, True),
    ("a flag that is down", ask("help", "is", False), {}, {}, True),
]  # fmt: skip

REFUSED: list[tuple[object, str, str]] = [
    ([], "/", "not_an_object"),
    ("open", "/", "not_an_object"),
    ({}, "/", "unknown_shape"),
    ({"all": [], "any": []}, "/", "unknown_shape"),
    ({"none": []}, "/", "unknown_shape"),
    ({"all": {}}, "/all", "not_a_list"),
    ({"all": [{"any": [5]}]}, "/all/0/any/0", "not_an_object"),
    ({"field": "password", "op": "is", "value": "x"}, "/field", "unknown_field"),
    ({"field": "state", "op": "like", "value": "open"}, "/op", "unknown_op"),
    ({"field": "state", "op": "is", "value": "opened"}, "/value", "unknown_value"),
    ({"field": "state", "op": "is", "value": ["open"]}, "/value", "not_a_text"),
    ({"field": "state", "op": "in", "value": "open"}, "/value", "not_a_list"),
    ({"field": "state", "op": "in", "value": []}, "/value", "not_a_list"),
    ({"field": "state", "op": "is", "value": "open", "x": 1}, "/", "unknown_shape"),
    ({"field": "owner", "op": "is", "value": "myself"}, "/value", "unknown_value"),
    ({"field": "queue", "op": "is", "value": "me"}, "/value", "unknown_value"),
    ({"field": "unread", "op": "is", "value": "true"}, "/value", "not_a_flag"),
    ({"field": "last_at", "op": "after", "value": "yesterday"}, "/value", "unknown_value"),
    ({"field": "last_at", "op": "after", "value": "2026-02-30"}, "/value", "unknown_value"),
    ({"field": "last_at", "op": "after", "value": "today-2h"}, "/value", "unknown_value"),
    ({"field": "age", "op": "at_least", "value": "2 days"}, "/value", "unknown_value"),
    ({"field": "text", "op": "contains", "value": "  "}, "/value", "unknown_value"),
    ({"field": "text", "op": "contains", "value": "x" * 201}, "/value", "not_a_text"),
    ({"not": {"not": {"not": {"not": {"not": {"not": {"all": []}}}}}}}, "/not/not/not/not/not/not",
     "too_deep"),
    ({"all": [{"field": "unread", "op": "is", "value": True}] * 61}, "/all/60", "too_many"),
]  # fmt: skip


# ── by the oracle ───────────────────────────────────────────────────────────────────────────────

PLAIN = {
    "pujcku": ["půjčku", "PŮJČKU", "pujcku"],
    "lodz": ["Łódź", "lodz"],
    "elka": ["elka"],
    "елка": ["Ёлка", "елка"],
    "xyz": ["xyz"],
}
"""Spelled out by hand: which spellings are the same word."""


def first_instant(day: str, zone: str) -> datetime:
    """The first minute whose local date is this day, found by looking at every minute."""
    at = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(hours=15)
    where = ZoneInfo(zone)
    while at.astimezone(where).date().isoformat() != day:
        at += timedelta(minutes=15)
    return at


def border(value: str, context: Json) -> datetime:
    now = datetime.fromisoformat(context["now"])
    here = now.astimezone(ZoneInfo(context["zone"])).date()
    if "T" in value:
        return datetime.fromisoformat(value)
    if value.startswith("now"):
        hours = {
            "now": 0,
            "now-1h": -1,
            "now+4h": 4,
            "now-2d": -48,
            "now-1w": -168,
            "now-30m": -0.5,
        }
        return now + timedelta(hours=hours[value])
    days = {
        "today": here, "today-1d": here - timedelta(1), "today+1d": here + timedelta(1),
        "today-2w": here - timedelta(14), "week": here - timedelta(here.isoweekday() - 1),
        "week-1w": here - timedelta(here.isoweekday() + 6), "month": here.replace(day=1),
    }  # fmt: skip
    return first_instant(days[value].isoformat() if value in days else value, context["zone"])


MOMENTS = (
    "now", "now-1h", "now+4h", "now-2d", "now-1w", "now-30m", "today", "today-1d", "today+1d",
    "today-2w", "week", "week-1w", "month", "2026-03-29", "2026-10-25", "2026-11-01",
    "2026-03-29T12:00:00Z", "2026-03-29T02:30:00+05:30",
)  # fmt: skip
ZONES = (
    "UTC", "Europe/Prague", "America/New_York", "Asia/Kolkata", "America/St_Johns",
    "Pacific/Chatham", "Asia/Beirut", "America/Havana",
)  # fmt: skip
NOWS = ("2026-03-29T00:59:59Z", "2026-10-25T01:30:00Z", "2026-01-01T04:00:00Z")


def singles() -> Iterator[tuple[Json, Json, Json, bool]]:
    """Fields with one value, at most."""
    worlds: dict[str, tuple[list[str], list[str | None]]] = {
        "state": (["open", "solved", "merged"], ["open", "solved", "wait_customer"]),
        "priority": (["low", "high"], ["low", "normal", "high", "critical"]),
        "tier": (["standard", "vip"], ["standard", "priority", "vip"]),
        "department": ([LOANS, CARDS], [LOANS, CARDS]),
        "owner": ([ANNA, "me"], [None, ANNA, ME]),
        "language": (["cs", "pl"], [None, "cs", "ru"]),
        "customer": ([CUSTOMER], [CUSTOMER, uid(99)]),
    }
    for field, (asked, had) in worlds.items():
        for value in had:
            for one in asked:
                same = value == (ME if one == "me" else one)
                yield ask(field, "is", one), {field: value}, {}, same
                yield ask(field, "is_not", one), {field: value}, {}, not same
            inside = value in [ME if one == "me" else one for one in asked]
            yield ask(field, "in", asked), {field: value}, {}, inside
            yield ask(field, "not_in", asked), {field: value}, {}, not inside
            if field in ("owner", "language"):
                yield ask(field, "empty"), {field: value}, {}, value is None
                yield ask(field, "not_empty"), {field: value}, {}, value is not None


def ordered() -> Iterator[tuple[Json, Json, Json, bool]]:
    ranks = {
        "low": 1,
        "normal": 2,
        "high": 3,
        "critical": 4,
        "standard": 1,
        "priority": 2,
        "vip": 3,
    }
    for field, words in (("priority", list(ranks)[:4]), ("tier", list(ranks)[4:])):
        for asked in words:
            for had in words:
                yield ask(field, "at_least", asked), {field: had}, {}, ranks[had] >= ranks[asked]
                yield ask(field, "at_most", asked), {field: had}, {}, ranks[had] <= ranks[asked]


def sets() -> Iterator[tuple[Json, Json, Json, bool]]:
    worlds = {
        "queue": [QUEUE, TRIAGE], "agent": ["me", ANNA], "channel": ["email", "chat"],
        "tags": ["loan", "žádost"],
    }  # fmt: skip
    for field, (first, second) in worlds.items():
        real = [ME if one == "me" else one for one in (first, second)]
        for had in ([], [real[0]], [real[1]], real):
            for asked in ([first], [second], [first, second]):
                common = [one for one in asked if (ME if one == "me" else one) in had]
                yield ask(field, "in", asked), {field: had}, {}, len(common) > 0
                yield ask(field, "not_in", asked), {field: had}, {}, len(common) == 0
            yield ask(field, "is", first), {field: had}, {}, real[0] in had
            yield ask(field, "is_not", first), {field: had}, {}, real[0] not in had
            yield ask(field, "empty"), {field: had}, {}, len(had) == 0
            yield ask(field, "not_empty"), {field: had}, {}, len(had) > 0


def flags() -> Iterator[tuple[Json, Json, Json, bool]]:
    for field in ("unread", "help", "snoozed"):
        for had in (True, False):
            for asked in (True, False):
                yield ask(field, "is", asked), {field: had}, {}, had == asked


def moments() -> Iterator[tuple[Json, Json, Json, bool]]:
    fields = ("opened_at", "last_at", "due_at")
    for n, value in enumerate(MOMENTS):
        for m, zone in enumerate(ZONES):
            field = fields[(n + m) % 3]
            context = {"zone": zone, "now": NOWS[(n + m) % len(NOWS)]}
            edge = border(value, CONTEXT | context)
            for shift in (-1, 0):
                at = (edge + timedelta(seconds=shift)).astimezone(UTC)
                facts = {field: at.strftime("%Y-%m-%dT%H:%M:%SZ")}
                yield ask(field, "after", value), facts, context, shift == 0
                if m == n % len(ZONES):
                    yield ask(field, "before", value), facts, context, shift < 0
    for had in (None, "2026-03-29T00:00:00Z"):
        yield ask("due_at", "empty"), {"due_at": had}, {}, had is None
        yield ask("due_at", "not_empty"), {"due_at": had}, {}, had is not None
    for field in ("opened_at", "last_at"):
        yield ask(field, "empty"), {}, {}, False
        yield ask(field, "not_empty"), {}, {}, True


def texts() -> Iterator[tuple[Json, Json, Json, bool]]:
    for plain, spellings in PLAIN.items():
        for other, writings in PLAIN.items():
            for asked in spellings[:2]:
                facts = {"text": [f"… {writings[0]}!", ""]}
                yield ask("text", "contains", asked), facts, {}, plain == other
                yield ask("text", "not_contains", asked), facts, {}, plain != other


def trees() -> Iterator[tuple[Json, Json, Json, bool]]:
    leaves = [(ask("unread", "is", True), "unread"), (ask("help", "is", True), "help"),
              (ask("snoozed", "is", True), "snoozed")]  # fmt: skip
    (a, _), (b, _), (c, _) = leaves
    for n in range(8):
        facts = {name: bool(n & (1 << at)) for at, (_, name) in enumerate(leaves)}
        x, y, z = facts.values()
        yield {"all": [a, b, c]}, facts, {}, x and y and z
        yield {"any": [a, b, c]}, facts, {}, x or y or z
        yield {"not": {"any": [a, {"not": b}]}}, facts, {}, not (x or not y)
        yield {"all": [{"any": [a, b]}, {"not": c}]}, facts, {}, (x or y) and not z
        yield (
            {"any": [{"all": [a, {"not": b}]}, {"all": [{"not": a}, c]}]},
            facts,
            {},
            ((x and not y) or (not x and z)),
        )


def document() -> Json:
    grid = [singles, ordered, sets, flags, moments, texts, trees]
    vectors = [
        {"name": name, "filter": tree, "facts": facts, "context": context, "holds": answer}
        for name, tree, facts, context, answer in HAND
    ]
    for part in grid:
        for n, (tree, facts, context, answer) in enumerate(part()):
            name = f"{part.__name__} {n}"
            one = {"name": name, "filter": tree, "facts": facts, "context": context}
            vectors.append(one | {"holds": answer})
    refused = [{"filter": tree, "pointer": at, "why": why} for tree, at, why in REFUSED]
    return {"context": CONTEXT, "facts": BASE, "vectors": vectors, "refused": refused}


def written() -> str:
    found = document()
    lines = [
        f"{json.dumps(name)}: {json.dumps(found[name], ensure_ascii=False)}"
        for name in ("context", "facts")
    ]
    for name in ("vectors", "refused"):
        rows = ",\n".join(json.dumps(one, ensure_ascii=False) for one in found[name])
        lines.append(f'"{name}": [\n{rows}\n]')
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
