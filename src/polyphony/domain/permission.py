"""Permission: who may see what and do what; Scope, the decision, reach and stream tags."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from polyphony.domain.ids import CaseId, DepartmentId, IdentityId, PersonId, QueueId
from polyphony.domain.role import Right, Role


class Act(StrEnum):
    """The closed list of what can be asked for."""

    READ = "read"
    WRITE = "write"  # reply, note, move, transfer, edit
    MERGE = "merge"  # join customers, part them
    ASSIGN = "assign"  # give work to somebody else, or take it from him
    SUPERVISE = "supervise"  # change the presence of somebody else
    LEVERS = "levers"  # change weights, capacity and queues for a while
    BOARDS = "boards"  # watch the figures of a department, set up its wallboards
    EXAMINE = "examine"  # read the audit log
    PEOPLE = "people"
    ROLES = "roles"
    STRUCTURE = "structure"
    CHANNELS = "channels"
    RULES = "rules"
    CONFIGURE = "configure"
    OPERATE = "operate"


_OF_CASES = frozenset({Act.WRITE, Act.MERGE, Act.ASSIGN, Act.SUPERVISE, Act.LEVERS, Act.BOARDS})
"""Acts that reach as far as departments; the others are of the house as a whole."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything that is known about the rights of one actor; made once per request or socket.

    ``kind`` is person, customer or system. ``departments`` are memberships. A role that is
    limited to departments stands in ``roles`` and, per department, in ``role_departments``.
    ``open_departments`` are all departments whose visibility is open. ``identity`` is set for
    customers only.
    """

    kind: str
    id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    departments: frozenset[DepartmentId] = frozenset()
    role_departments: frozenset[tuple[Role, DepartmentId]] = frozenset()
    queues: frozenset[QueueId] = frozenset()
    agent: bool = False
    identity: IdentityId | None = None
    session_id: UUID | None = None
    open_departments: frozenset[DepartmentId] = frozenset()

    @property
    def rights(self) -> frozenset[Right]:
        """Everything his roles give, wherever they give it."""
        return frozenset[Right]().union(*(role.rights for role in self.roles))

    def has(self, right: Right) -> bool:
        """Tell whether a role gives the right somewhere."""
        return any(right in role.rights for role in self.roles)

    def bound(self, role: Role) -> frozenset[DepartmentId]:
        """Return the departments a role is limited to; empty when it counts everywhere."""
        return frozenset(one for which, one in self.role_departments if which == role)

    def everywhere(self, right: Right) -> bool:
        """Tell whether a role that is not limited gives the right."""
        return any(right in role.rights and not self.bound(role) for role in self.roles)


SYSTEM = Scope("system")

_HEARS_OF_SET_UP = frozenset({Right.RULES, Right.CHANNELS, Right.CONFIGURE})
"""Who holds one of these is told of new rules and unreadable arrivals."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the decision must know of a Case.

    ``sealed`` is true when the Case or its Department is; ``holders`` are the agents with a live
    WorkItem or Offer of it.
    """

    id: CaseId
    department: DepartmentId
    sealed: bool = False
    holders: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True)
class Allow:
    """It may be done."""


@dataclass(frozen=True, slots=True)
class Deny:
    """It may not; ``hidden``: answer as if the thing did not exist; ``needs``: what is missing."""

    hidden: bool = False
    needs: tuple[str, ...] = ()


def where(scope: Scope, right: Right) -> frozenset[DepartmentId]:
    """Return the departments a right reaches: the listed ones, else those the actor belongs to."""
    found: frozenset[DepartmentId] = frozenset()
    for role in scope.roles:
        if right in role.rights:
            bound = scope.bound(role) & (scope.open_departments | scope.departments)
            found |= bound if scope.bound(role) else scope.departments
    return found


def supervised(scope: Scope) -> frozenset[DepartmentId]:
    """Return the departments a supervisor leads."""
    return where(scope, Right.SUPERVISE)


def listed(scope: Scope) -> frozenset[DepartmentId]:
    """Return the departments whose Cases appear in lists, counters and the stream."""
    found = scope.departments | supervised(scope)
    if scope.everywhere(Right.OVERVIEW):
        return found | scope.open_departments
    return found | where(scope, Right.OVERVIEW) & scope.open_departments


def sees(scope: Scope, case: CaseFacts) -> bool:
    """Tell whether the actor may read the Case at all."""
    if scope.kind == "system":
        return True
    if scope.kind != "person":
        return False
    if case.department in scope.departments or scope.id in case.holders:
        return True
    return not case.sealed


def decide(scope: Scope, act: Act, case: CaseFacts | None = None) -> Allow | Deny:
    """Decide one act, on a Case or in general; what is not allowed here is denied."""
    if scope.kind == "system":
        return Allow()
    if case is not None and not sees(scope, case):
        return Deny(hidden=True)
    if scope.kind != "person":
        return Deny(needs=("person",))
    if act is Act.READ:
        return Allow()
    needs = _missing(scope, act, case)
    return Deny(needs=needs) if needs else Allow()


def _missing(scope: Scope, act: Act, case: CaseFacts | None) -> tuple[str, ...]:
    """Name what is missing for an act; empty when nothing is."""
    right = Right(act.value)
    if not scope.has(right):
        return (right.value,)
    if act not in _OF_CASES:  # no department has them: a limited role gives nothing here
        return () if scope.everywhere(right) else (right.value,)
    if case is None or case.department in where(scope, right):
        return ()
    if act is Act.WRITE and scope.id in case.holders:
        return ()
    return (f"department:{case.department}",)


def hears(scope: Scope, department: DepartmentId, between: Iterable[PersonId]) -> bool:
    """Tell whether the actor may read a whispered line of a Case he sees.

    ``between`` are its author and the one it is whispered to; supervisors of the department hear.
    """
    if scope.kind == "system":
        return True
    return scope.id in set(between) or department in where(scope, Right.LISTEN)


def leads(scope: Scope, departments: Iterable[DepartmentId]) -> bool:
    """Tell whether the actor supervises one of the departments."""
    return bool(supervised(scope) & frozenset(departments))


HOUSE = "house"


def watches(scope: Scope, place: str, *, sealed: bool = False) -> bool:
    """Tell whether the actor may watch the counters of a department (its id), or of the house.

    The house is all open departments: it needs the right everywhere. Sealed matters are counted
    apart, for members of the department only.
    """
    if scope.kind != "person" or not scope.has(Right.BOARDS):
        return False
    if place == HOUSE:
        return not sealed and scope.everywhere(Right.BOARDS)
    if sealed:
        mine = where(scope, Right.BOARDS) & scope.departments
        return place in {str(one) for one in mine}
    return place in {str(one) for one in watched(scope)}


def watched(scope: Scope) -> frozenset[DepartmentId]:
    """Return the departments whose counters the actor may watch."""
    reached = where(scope, Right.BOARDS)
    return reached | scope.open_departments if scope.everywhere(Right.BOARDS) else reached


def pulls(scope: Scope, department: UUID | None) -> bool:
    """Tell whether the actor may pull levers of a department; None = of the house.

    The house needs the right everywhere; a sealed department needs its member.
    """
    if scope.kind != "person" or not scope.has(Right.LEVERS):
        return False
    if department is None:
        return scope.everywhere(Right.LEVERS)
    if department in where(scope, Right.LEVERS):
        return True
    return scope.everywhere(Right.LEVERS) and department in scope.open_departments


# ── snippets, articles, macros ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Shelf:
    """Whose a snippet, article or macro is: everybody's, one department's, or one person's."""

    scope: str  # all | department | personal
    person: UUID | None = None
    department: UUID | None = None


def finds(scope: Scope, shelf: Shelf) -> bool:
    """Tell whether the actor may use what stands on a shelf; personal things are one's own."""
    if scope.kind != "person":
        return scope.kind == "system"
    if shelf.scope == "all":
        return True
    if shelf.scope == "department":
        return shelf.department in listed(scope)
    return shelf.person == scope.id


def keeps(scope: Scope, shelf: Shelf) -> Allow | Deny:
    """Decide whether the actor may put something on a shelf, change it there or take it away."""
    if scope.kind == "system":
        return Allow()
    if not finds(scope, shelf):
        return Deny(hidden=True)
    if shelf.scope == "personal":
        return decide(scope, Act.WRITE)
    shares = shelf.scope == "department" and shelf.department in where(scope, Right.SHARE)
    if shares or publishes(scope):
        return Allow()
    return Deny(needs=(Right.PUBLISH.value,))


def publishes(scope: Scope) -> bool:
    """Tell whether the actor may change what everybody uses."""
    return scope.everywhere(Right.PUBLISH)


# ── the same decision as data for SQL ───────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Reach:
    """What ``sees`` means for a set of rows.

    ``everything``: no condition. Else: Cases not sealed of ``open_departments``, all Cases of
    ``members``, and those ``person`` holds. An empty reach (customers) finds nothing.
    """

    everything: bool = False
    open_departments: tuple[DepartmentId, ...] = ()
    members: tuple[DepartmentId, ...] = ()
    person: UUID | None = None


def reach(scope: Scope) -> Reach:
    """Translate a Scope into the sets its SQL condition needs."""
    if scope.kind == "system":
        return Reach(everything=True)
    if scope.kind != "person":
        return Reach()
    return Reach(
        open_departments=tuple(sorted(scope.open_departments)),
        members=tuple(sorted(scope.departments)),
        person=scope.id,
    )


# ── the same decision as tags of the stream ─────────────────────────────────────────────────────


def tags(scope: Scope) -> frozenset[str]:
    """Return the audiences a connection of this actor belongs to.

    ``member:`` is held by members only and carries sealed Cases; ``dept:`` by everybody who lists
    the department.
    """
    if scope.kind == "customer":
        return frozenset({f"cust:{scope.identity}"} if scope.identity else ())
    if scope.kind != "person":
        return frozenset()
    found = {"all", f"person:{scope.id}"}
    found |= {f"dept:{one}" for one in listed(scope)}
    found |= {f"member:{one}" for one in scope.departments}
    found |= {f"queue:{one}" for one in scope.queues}
    found |= {f"sup:{one}" for one in supervised(scope)}
    if scope.rights & _HEARS_OF_SET_UP:
        found.add("admin")
    return frozenset(found)


def fingerprint(scope: Scope) -> str:
    """Return a short hash that changes whenever the rights of the actor change."""
    rights = sorted(tags(scope)) + sorted(f"right:{right}" for right in scope.rights)
    return hashlib.sha256("\n".join(rights).encode()).hexdigest()[:16]


def case_audience(case: CaseFacts, queues: Iterable[QueueId] = ()) -> tuple[str, ...]:
    """Return the tags of everybody whose lists or open screens show the Case, sorted.

    Who opened an open Case of another department holds ``case:<id>``; a sealed Case has no such
    tag, so a screen that was open loses it with the event that seals it.
    """
    holders = {f"person:{one}" for one in case.holders}
    if case.sealed:
        return tuple(sorted(holders | {f"member:{case.department}"}))
    shown = {f"dept:{case.department}", f"case:{case.id}"} | {f"queue:{one}" for one in queues}
    return tuple(sorted(holders | shown))
