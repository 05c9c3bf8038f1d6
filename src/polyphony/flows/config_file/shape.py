"""The shape of a configuration file: sections of things by their names, without ids and secrets."""

import base64
import binascii
import hashlib
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from polyphony.domain.brand import LOGO_MAX, picture_kind
from polyphony.domain.channel import ChannelName, WorkChannel
from polyphony.domain.process_text import compact
from polyphony.flows.config_file.plain import (
    DATE,
    Day,
    Frame,
    Language,
    Level,
    Name,
    QueueName,
    RoleKey,
    Shape,
    Wrong,
)
from polyphony.flows.config_file.queue_shape import Need, Queue


class Calendar(Shape):
    """Working hours: frames per weekday, exceptions per date (an empty list = closed).

    ``holidays`` names a country; ``worked`` the keys of those people work through.
    """

    zone: str = Field("UTC", max_length=60)
    always: bool = False
    frames: dict[Day, list[Frame]] = Field(default_factory=dict)
    exceptions: dict[Annotated[str, Field(pattern=DATE)], list[Frame]] = Field(default_factory=dict)
    holidays: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    worked: list[Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]] = Field(
        default_factory=list, max_length=40
    )
    imported: dict[Annotated[str, Field(pattern=DATE)], Annotated[str, Field(max_length=120)]] = (
        Field(default_factory=dict, max_length=2000)
    )


class Promise(Shape):
    """A policy: for whom (``scope``), targets in seconds, and what goes with them."""

    rank: int = Field(0, ge=0, le=1_000_000)
    active: bool = True
    scope: dict[str, list[str]] = Field(default_factory=dict)
    targets: dict[str, Annotated[int, Field(ge=1, le=31_536_000)]]
    pauses: list[Literal["wait_customer", "wait_third_party"]] = Field(
        ["wait_customer", "wait_third_party"]
    )
    warn_pct: int = Field(75, ge=1, le=99)
    on_change: Literal["stricter", "replace", "keep"] = "stricter"
    calendar: Name | None = None
    escalation: Name | None = None


class Escalation(Shape):
    """A ladder: its rungs in the order they were written."""

    steps: list[dict[str, object]] = Field(min_length=1, max_length=12)


class Deadline(Shape):
    """A deadline of the law; the key stands before the colon."""

    name: dict[Language, str] = Field(default_factory=dict)
    unit: Literal["days", "working_days", "months"]
    amount: int = Field(ge=1, le=3660)
    extended: int | None = Field(None, ge=1, le=3660)
    zone: str = Field("UTC", max_length=60)
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    start: Literal["same_day", "next_day"] = "next_day"
    roll: bool = False
    silence: str = Field("", max_length=200)
    unverified: bool = True
    escalation: Name | None = None


class Role(Shape):
    """A role of one's own; its key stands before the colon, built-in ones are not written."""

    name: Name
    note: str = Field("", max_length=500)
    rights: list[Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]] = Field(
        default_factory=list, max_length=50
    )


class Snippet(Shape):
    """A text with variables; its key is the shortcut, "Department / shortcut" for a team's."""

    name: Name
    bodies: dict[Language, str]
    channels: list[ChannelName] = Field(default_factory=list, max_length=10)


class Macro(Shape):
    """Steps in their order; its key is the name, "Department / name" for a team's."""

    steps: list[dict[str, object]] = Field(max_length=20)


class View(Shape):
    """A list under a name; its key is the name, "Department / name" for a team's."""

    filter: dict[str, object]
    colour: Literal["plain", "accent", "good", "warn", "bad", "note"] = "plain"
    sort: Literal["due", "newest", "oldest", "priority"] = "due"
    place: int = Field(0, ge=-1_000_000, le=1_000_000)


class Skill(Shape):
    """Something that can be known; the key stands before the colon."""

    kind: Literal["language", "topic", "product", "legal", "channel"]
    name: dict[Language, str] = Field(default_factory=dict)


Mode = Literal["on", "transfer_only", "finish", "off"]


class Status(Shape):
    """What an agent may be doing; the key stands before the colon.

    ``matrix`` says per channel, else per class of channels (live, messaging, async), what he takes;
    what it does not name is off. Of a status of the system only words and reasons may differ.
    """

    name: dict[Language, Annotated[str, Field(max_length=60)]] = Field(default_factory=dict)
    matrix: dict[Literal[WorkChannel, "live", "messaging", "async"], Mode]
    reasons: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field(
        default_factory=list, max_length=30
    )
    colour: Literal["plain", "accent", "good", "warn", "bad", "note"] = "plain"
    place: int = Field(100, ge=0, le=10_000)


class Logo(Shape):
    """A picture by its SHA-256, and its bytes (base64) unless they are too many; neither = none."""

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    data: Annotated[str, Field(max_length=2 * LOGO_MAX)] | None = None

    def picture(self) -> bytes | None:
        """Return the bytes that stand here."""
        if self.data is None:
            return None
        return base64.b64decode("".join(self.data.split()), validate=True)

    @model_validator(mode="after")
    def _is_a_picture(self) -> "Logo":
        """Refuse what is no picture, is too large or not what its hash says; fill the hash in."""
        try:
            data = self.picture()
        except (binascii.Error, ValueError) as broken:
            raise Wrong("logo_data") from broken
        if data is None:
            return self
        if picture_kind(data) is None or len(data) > LOGO_MAX:
            raise Wrong("logo_picture")
        found = hashlib.sha256(data).hexdigest()
        if self.sha256 not in (None, found):
            raise Wrong("logo_hash", found[:12])
        self.sha256 = found
        return self


def _no_logo(given: object) -> object:
    return {} if given == "none" else given


class Brand(Shape):
    """Under which name, picture and signature we write.

    A logo that is left out stays as it is; ``logo: none`` takes it away.
    """

    colour: Annotated[str, Field(pattern="^#[0-9a-f]{6}$")] = "#3d5a80"
    sender_name: str = Field("", max_length=200)
    signature: dict[Language, str] = Field(default_factory=dict)
    footer: str = Field("", max_length=4000)
    logo: Annotated[Logo | None, BeforeValidator(_no_logo)] = None


class Department(Shape):
    """A department; ``triage`` is the queue of what nothing else fits, by its short name."""

    calendar: Name
    visibility: Literal["open", "sealed"] = "open"
    triage: Name = "Triage"


class Account(Shape):
    """One of our ends of a channel, without its secrets; its key is "kind address"."""

    name: Name
    department: Name
    default_queue: QueueName | None = None
    mail_account: str | None = None
    brand: Name | None = None
    language: Annotated[str, Field(pattern="^[a-z]{2,3}$")] = "en"
    settings: dict[str, object] = Field(default_factory=dict)


class Proficiency(Shape):
    """A level with its days (the last one counts), by whose word, and its proof."""

    level: Level
    valid_from: date | None = None
    valid_to: date | None = None
    source: Literal["admin", "scim", "test"] = "admin"
    evidence: str = Field("", max_length=500)


class Agent(Shape):
    """What an agent takes: channels, units, skills with levels, queues with ranks."""

    department: Name
    channels: list[WorkChannel] = Field(default_factory=list, max_length=20)
    cap_max: int = Field(100, ge=0, le=300)
    skills: dict[str, Level | Proficiency] = Field(default_factory=dict)
    queues: dict[QueueName, Annotated[int, Field(ge=1, le=9)]] = Field(default_factory=dict)


class Person(Shape):
    """Somebody who works here, by e-mail address; a role counts everywhere or in departments."""

    name: Name
    language: Language = "en"
    zone: str = Field("UTC", max_length=60)
    state: Literal["active", "disabled"] = "active"
    roles: dict[RoleKey, Literal["everywhere"] | list[Name]] = Field(default_factory=dict)
    departments: list[Name] = Field(default_factory=list, max_length=100)
    agent: Agent | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Person":
        """Put departments in one order: a set of places has none of its own."""
        self.departments.sort()
        for places in self.roles.values():
            if isinstance(places, list):
                places.sort()
        return self


class Rule(Shape):
    """One rule; rules stand in the order they are asked."""

    id: str = Field(min_length=1, max_length=100)
    when: str = Field(min_length=1, max_length=2000)
    queue: QueueName | None = None
    requirements: list[Need] = Field(default_factory=list)
    tier: Literal["standard", "priority", "vip"] | None = None
    urgency: Literal["low", "normal", "high", "critical"] | None = None
    go_on: bool = Field(default=False, alias="continue")


class CaseKind(Shape):
    """A kind of Case; ``steps`` is its published process, with ``@queues/…`` for queues."""

    name: dict[Language, str] = Field(default_factory=dict)
    department: Name | None = None
    complaint: bool = False
    deadline: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")] | None = None
    visibility: Literal["open", "sealed"] | None = None
    steps: list[dict[str, object]] = Field(default_factory=list, max_length=50)

    @model_validator(mode="after")
    def _short(self) -> "CaseKind":
        """Leave out what has its default: however much of it is written, it is the same."""
        self.steps = [compact(one) for one in self.steps]
        return self


class Hook(Shape):
    """Another system a ladder may tell; its secret is made afterwards and is in no file."""

    url: str = Field(min_length=1, max_length=2000)
    active: bool = True


class Roster(Shape):
    """Who of a department is on call: a week each, in this order; turns with from and until."""

    people: list[str] = Field(default_factory=list, max_length=50)
    begins: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    hour: int = Field(8, ge=0, le=23)
    turns: list[dict[str, str]] = Field(default_factory=list, max_length=200)


class EventRule(Shape):
    """When one of these happens and the condition holds, do that; ``@queues/…`` names a queue."""

    on: list[str] = Field(min_length=1, max_length=20)
    when: str = Field("", max_length=2000)
    do: list[dict[str, object]] = Field(min_length=1, max_length=10)
    active: bool = True


class Tuning(Shape):
    """What of the house's rules differs from the usual: capacity, weights, listening."""

    costs: dict[str, dict[str, int | bool]] = Field(default_factory=dict)
    interrupts: list[list[str]] | None = Field(None, max_length=200)
    tier: dict[str, int] = Field(default_factory=dict)
    channel: dict[str, int] = Field(default_factory=dict)
    urgency: dict[str, int] = Field(default_factory=dict)
    keep: int | None = None
    idle: int | None = None
    tell: bool | None = None
    sticky: int | None = None
    level: int | None = None
    interrupt: int | None = None


Email = Annotated[str, Field(max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")]
KindKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
AccountKey = Annotated[str, Field(pattern=r"^(email|chat|loopback) \S+$", max_length=340)]


class File(Shape):
    """A whole file; a section that is missing is left alone, so are things that are not named."""

    version: Literal[1]
    calendars: dict[Name, Calendar] | None = None
    skills: dict[Annotated[str, Field(pattern=r"^[a-z0-9_.-]+$", max_length=60)], Skill] | None = (
        None
    )
    statuses: dict[RoleKey, Status] | None = None
    brands: dict[Name, Brand] | None = None
    departments: dict[Name, Department] | None = None
    queues: dict[QueueName, Queue] | None = None
    accounts: dict[AccountKey, Account] | None = None
    people: dict[Email, Person] | None = None
    roles: dict[RoleKey, Role] | None = None
    snippets: dict[Name, Snippet] | None = None
    macros: dict[Name, Macro] | None = None
    views: dict[Name, View] | None = None
    hooks: dict[Name, Hook] | None = None
    rosters: dict[Name, Roster] | None = None
    escalations: dict[Name, Escalation] | None = None
    targets: dict[Name, Promise] | None = None
    deadlines: dict[RoleKey, Deadline] | None = None
    case_kinds: dict[KindKey, CaseKind] | None = None
    event_rules: dict[Name, EventRule] | None = None
    routing: dict[Literal["capacity", "score", "listening"], Tuning] | None = None
    rules: list[Rule] | None = None


SECTIONS = (
    *("calendars", "skills", "statuses", "roles", "brands", "departments", "queues", "accounts"),
    *("people", "snippets", "macros", "views", "hooks", "rosters", "escalations", "targets"),
    *("deadlines", "case_kinds", "event_rules", "routing"),
)
"""The sections of named things, in the order they are taken in; rules come last."""
