"""The shape of a queue in a configuration file: its needs, ladder, overflow and limits."""

from typing import Annotated, Literal

from pydantic import Field

from polyphony.domain.channel import WorkChannel
from polyphony.flows.config_file.plain import Language, Level, Name, QueueName, Shape


class Substitute(Shape):
    """A skill that does as well, from a level on."""

    skill: str
    min_level: Level = 1


class Need(Shape):
    """A skill that is needed."""

    skill: str = Field(min_length=1, max_length=60)
    min_level: Level = 1
    kind: Literal["legal", "required", "desired"] = "required"
    substitutes: list[Substitute] = Field(default_factory=list, max_length=20)


class Targets(Shape):
    """Targets of one channel, in seconds of working time."""

    first_response_s: int | None = Field(None, ge=1, le=31_536_000)
    resolution_s: int | None = Field(None, ge=1, le=31_536_000)


class Rung(Shape):
    """One step of a queue's ladder; queues by their names."""

    at_x: float | None = Field(None, ge=0, le=3)
    at_s: int | None = Field(None, ge=0, le=31_536_000)
    drop: list[str] = Field(default_factory=list, max_length=50)
    lower: dict[str, Annotated[int, Field(ge=0, le=4)]] = Field(default_factory=dict)
    lower_all: int = Field(0, ge=0, le=4)
    drop_desired: bool = False
    substitutes: bool = False
    add_member_rank: int = Field(0, ge=0, le=9)
    add_queue_members: list[QueueName] = Field(default_factory=list, max_length=20)
    related: bool = False


class Condition(Shape):
    """A fact of overflow, compared with ``than`` unless it is so or not."""

    fact: Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")]
    than: float | None = Field(None, ge=0, le=1_000_000_000)


class Action(Shape):
    """What overflow does."""

    do: Literal["queue", "callback", "form", "message"]
    queue: QueueName | None = None
    text: dict[Language, str] = Field(default_factory=dict)


class Overflow(Shape):
    """A rule of overflow."""

    when: Literal["any", "all"] = "any"
    conditions: list[Condition] = Field(min_length=1, max_length=8)
    action: Action


class Reserve(Shape):
    """How many whole agents are kept free for live work."""

    agents: int = Field(ge=0, le=10_000)


class Announce(Shape):
    """What is told to who waits."""

    position: bool = True
    wait: bool = True


class Queue(Shape):
    """A line of work; its key is "Department / Queue"."""

    calendar: Name | None = None
    channels: list[WorkChannel] = Field(default_factory=list, max_length=20)
    delivery: Literal["push", "pull", "open"] = "push"
    requirements: list[Need] = Field(default_factory=list, max_length=50)
    weight_milli: int = Field(1000, ge=10, le=100_000)
    offer_timeout_s: dict[WorkChannel, Annotated[int, Field(ge=1, le=86_400)]] = Field(
        default_factory=dict
    )
    auto_accept: bool = False
    decline_reasons: list[str] = Field(default_factory=list, max_length=50)
    wrap_up_s: int = Field(0, ge=0, le=3600)
    disposition_required: bool = False
    sticky: Literal["off", "prefer", "require"] = "prefer"
    targets: dict[WorkChannel, Targets] = Field(default_factory=dict)
    max_waiting: int | None = Field(None, ge=1)
    signature: dict[Language, str] | None = None
    ladder: list[Rung] | None = Field(None, min_length=1, max_length=8)
    related: list[QueueName] = Field(default_factory=list, max_length=20)
    skip_if_nobody: bool = True
    ordering: Literal["score", "longest_idle", "static_priority", "fifo"] = "score"
    reserve: Reserve | None = None
    reserve_off_before_close_s: int = Field(0, ge=0, le=86_400)
    decline_allowed: bool = True
    miss_limits: dict[WorkChannel, Annotated[int, Field(ge=1, le=50)]] = Field(default_factory=dict)
    miss_limit_all: int = Field(3, ge=1, le=50)
    grace_s: int = Field(60, ge=0, le=86_400)
    async_kept_s: int = Field(900, ge=0, le=86_400)
    auto_ready: bool = False
    paused: bool = False
    overflow_before: list[Overflow] = Field(default_factory=list, max_length=8)
    overflow_after: list[Overflow] = Field(default_factory=list, max_length=8)
    announce: Announce = Announce()
    callback: bool = False
