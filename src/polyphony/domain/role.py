"""Role: a named set of rights; the rights are a closed list, roles are data."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from polyphony.domain.errors import Invalid


class Right(StrEnum):
    """Everything a role can give besides reading what the visibility classes allow."""

    TAKE = "take"  # is an agent: presence, Offers, capacity
    WRITE = "write"  # reply, note, move, transfer, edit
    MERGE = "merge"  # join customers who are one, part them, say who is not the same
    ASSIGN = "assign"  # give work to somebody else, or take it from him
    OVERBOOK = "overbook"  # give work to somebody who has no room for it, with a reason
    SUPERVISE = "supervise"  # change the presence of somebody else, see what he is offered
    LISTEN = "listen"  # read what is whispered between others
    SHARE = "share"  # snippets, articles, macros and views of a department
    LEVERS = "levers"  # change weights, capacity and queues for a while
    BOARDS = "boards"  # the console and the wallboards of a department
    REPORTS = "reports"  # figures, with the names of one's own people
    OVERVIEW = "overview"  # lists the Cases of every open department
    EXAMINE = "examine"  # read the audit log
    PEOPLE = "people"  # invite, disable, sign out; give away what one has oneself
    ROLES = "roles"  # make roles; give away everything
    STRUCTURE = "structure"  # departments, queues, skills, hours, what agents take
    CHANNELS = "channels"  # channel accounts, brands, the widget, unreadable arrivals
    RULES = "rules"
    PUBLISH = "publish"  # snippets, articles, macros and views of everybody
    CONFIGURE = "configure"  # all of it as one file, its history, the guide
    OPERATE = "operate"  # system health, jobs


GROUPS: Mapping[str, tuple[Right, ...]] = {
    "work": (Right.TAKE, Right.WRITE, Right.MERGE),
    "lead": (
        Right.ASSIGN,
        Right.OVERBOOK,
        Right.SUPERVISE,
        Right.LISTEN,
        Right.SHARE,
        Right.LEVERS,
        Right.BOARDS,
        Right.REPORTS,
    ),
    "look": (Right.OVERVIEW, Right.EXAMINE),
    "set_up": (
        Right.PEOPLE,
        Right.ROLES,
        Right.STRUCTURE,
        Right.CHANNELS,
        Right.RULES,
        Right.PUBLISH,
        Right.CONFIGURE,
        Right.OPERATE,
    ),
}
"""The rights as screens show them: every right stands in one group."""

_BRINGS: Mapping[Right, frozenset[Right]] = {
    Right.TAKE: frozenset({Right.WRITE}),
    Right.MERGE: frozenset({Right.WRITE}),
    Right.ASSIGN: frozenset({Right.WRITE}),
    Right.OVERBOOK: frozenset({Right.ASSIGN, Right.WRITE}),
    Right.ROLES: frozenset({Right.PEOPLE}),
    # Whoever may replace the whole file may change everything in it.
    Right.CONFIGURE: frozenset(GROUPS["set_up"]) - {Right.OPERATE},
}

KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")


def complete(rights: Iterable[Right]) -> frozenset[Right]:
    """Add what a right cannot do without: whoever takes work may write, and so on."""
    found = frozenset(rights)
    return found.union(*(_BRINGS.get(one, frozenset()) for one in found))


def brought() -> dict[str, list[str]]:
    """Return which rights bring which others, for screens."""
    return {one.value: sorted(others) for one, others in _BRINGS.items()}


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of rights; a Person may have several, each everywhere or in departments.

    The four built-in ones cannot be changed; a test holds them against what is stored.
    """

    key: str
    rights: frozenset[Right] = frozenset()

    AGENT: ClassVar["Role"]
    SUPERVISOR: ClassVar["Role"]
    ADMIN: ClassVar["Role"]
    AUDITOR: ClassVar["Role"]


Role.AGENT = Role("agent", frozenset(GROUPS["work"]))
Role.SUPERVISOR = Role("supervisor", frozenset({Right.WRITE, Right.MERGE, *GROUPS["lead"]}))
Role.ADMIN = Role("admin", frozenset({Right.OVERVIEW, *GROUPS["set_up"]}))
Role.AUDITOR = Role("auditor", frozenset(GROUPS["look"]))

BUILT_IN = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR)


def known(names: Iterable[str]) -> frozenset[Right]:
    """Return the rights among stored names; one of a newer version gives nothing here."""
    closed = {one.value: one for one in Right}
    return frozenset(closed[name] for name in names if name in closed)


def check(key: str, rights: Iterable[str]) -> list[str]:
    """Return the rights a role is to have, with what they bring, sorted.

    Raises Invalid for a key nobody could write down, and for rights that are none.
    """
    if not KEY.fullmatch(key):
        raise Invalid("role.key", {"key": key[:60]})
    names = set(rights)
    strange = sorted(names - set(Right))
    if strange:
        raise Invalid("role.right_unknown", {"given": strange[:20]})
    return sorted(complete(Right(name) for name in names))


def key_of(name: str) -> str:
    """Make a key from a name: latin letters, digits and underscores of it."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40]
    return plain if KEY.fullmatch(plain) else ""


def outranks(mine: frozenset[Right], theirs: Iterable[Right]) -> bool:
    """Tell whether the holder of some rights may give away, or act on one with, others.

    Nobody gives what he has not; only who makes roles is above that.
    """
    return Right.ROLES in mine or frozenset(theirs) <= mine
