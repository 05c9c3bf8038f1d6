"""Inbox: pages of Cases by tab and sort key, and counters; only what the reader may list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.filter import Context, Node
from polyphony.domain.filter import read as read_filter
from polyphony.domain.ids import CaseId, DepartmentId, PersonId
from polyphony.domain.permission import CaseFacts, Scope
from polyphony.store import filters
from polyphony.store.database import Session, rows
from polyphony.store.visibility import Condition, listed_for, visible_to

OPEN = ("open", "wait_customer", "wait_third_party")
STATES: dict[str, Sequence[str]] = {
    "open": OPEN,
    "solved": ("solved",),
    "closed": ("closed",),
    "any": (*OPEN, "solved", "closed", "merged", "discarded"),
}
TABS = ("mine", "team", "all", "mentions", "snoozed", "repair")
COUNT_MAX = 1_000

_IN_HAND: LiteralString = """c.id IN (
    SELECT w.case_id FROM work_item w
     WHERE w.agent_id = %(me)s AND w.state IN ('in_work', 'suspended', 'wrap_up'))"""
# Put aside by the reader, and the customer has not written since.
_ASIDE: LiteralString = """c.id IN (
    SELECT z.case_id FROM snooze z WHERE z.person_id = %(me)s AND z.heard >= c.last_customer)"""
_MINE: LiteralString = f"""({_IN_HAND}
    OR (c.owner_id = %(me)s AND c.state IN ('open', 'wait_customer', 'wait_third_party', 'solved')
        AND NOT {_ASIDE}))"""
_SNOOZED: LiteralString = f"""({_ASIDE} AND NOT {_IN_HAND}
    AND c.state IN ('open', 'wait_customer', 'wait_third_party'))"""
_TEAM: LiteralString = """c.id IN (
    SELECT w.case_id FROM work_item w
     WHERE w.queue_id = ANY(%(queues)s) AND w.state IN ('waiting', 'offered'))"""
_REPAIR: LiteralString = """c.id IN (
    SELECT i.case_id FROM delivery v JOIN message m ON m.id = v.message_id
      JOIN interaction i ON i.id = m.interaction_id
     WHERE v.state IN ('failed', 'uncertain') AND m.delivery_state IN ('failed', 'uncertain'))"""

# Named in a note: not looked at yet, or within the last month.
_MENTIONS: LiteralString = """c.id IN (
    SELECT n.case_id FROM notice n
     WHERE n.person_id = %(me)s AND n.kind = 'mention'
       AND (n.read_at IS NULL OR n.at > now() - interval '30 days'))"""

_DUE: LiteralString = """coalesce((SELECT min(s.due_at) FROM sla_clock s WHERE s.case_id = c.id
    AND s.state IN ('running', 'breached')), 'infinity'::timestamptz)"""
# Those without a clock stand behind all others of their rank.
_RANKED: LiteralString = f"""(least({_DUE}, '2999-01-01'::timestamptz)
    - CASE c.priority WHEN 'critical' THEN 3 WHEN 'high' THEN 2 WHEN 'normal' THEN 1 ELSE 0 END
    * interval '1000 years')"""
_SORTS: dict[str, tuple[LiteralString, LiteralString, LiteralString]] = {
    "due": (_DUE, "ASC", ">"),
    "newest": ("c.last_at", "DESC", "<"),
    "oldest": ("c.last_at", "ASC", ">"),
    "priority": (_RANKED, "ASC", ">"),
}
SORTS = tuple(_SORTS)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which page: tab, state filter, department, words, sort, place behind which it begins.

    ``node`` narrows it by a filter tree, read for ``context``; the tab ``view`` is nothing else.
    """

    tab: str = "mine"
    state: str = "open"
    department: UUID | None = None
    words: str = ""
    sort: str = "due"
    limit: int = 50
    behind: tuple[str, UUID] | None = None
    node: Node | None = None
    context: Context | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One row of a page: the Case and its sort key as text."""

    id: UUID
    key: str


@dataclass(frozen=True, slots=True)
class _Facts:
    id: CaseId
    department: DepartmentId
    sealed: bool
    holders: list[PersonId]


async def facts(session: Session, cases: Sequence[UUID]) -> dict[UUID, CaseFacts]:
    """Return what the decision about rights must know of Cases; unknown ones are missing."""
    found = await rows(
        session,
        """SELECT c.id, c.department_id AS department,
                  c.visibility = 'sealed' OR d.visibility = 'sealed' AS sealed,
                  ARRAY(SELECT DISTINCT w.agent_id FROM work_item w
                         WHERE w.case_id = c.id AND w.agent_id IS NOT NULL
                           AND w.state IN ('offered', 'in_work', 'suspended', 'wrap_up'))
                    AS holders
             FROM case_ c JOIN department d ON d.id = c.department_id WHERE c.id = ANY(%s)""",
        [list(cases)],
        _Facts,
    )
    return {
        one.id: CaseFacts(one.id, one.department, one.sealed, frozenset(one.holders))
        for one in found
    }


async def visible(session: Session, scope: Scope, cases: Sequence[UUID]) -> set[UUID]:
    """Return those of the Cases the actor may read."""
    condition, params = visible_to(scope)
    found = await session.execute(
        f"SELECT c.id FROM case_ c WHERE c.id = ANY(%(ids)s) AND {condition}",
        {"ids": list(cases), **params},
    )
    return {UUID(str(one)) for (one,) in await found.fetchall()}


def _tab(scope: Scope, wish: Wish) -> Condition:
    """Return the condition of a tab together with the one of visibility."""
    if wish.tab in ("mine", "team", "mentions", "snoozed"):
        condition, params = visible_to(scope)
    else:
        condition, params = listed_for(scope)
    params |= {"me": scope.id, "queues": sorted(scope.queues)}
    of_tab: LiteralString = "TRUE"
    match wish.tab:
        case "mine":
            of_tab = _MINE
        case "team":
            of_tab = _TEAM
        case "repair":
            of_tab = _REPAIR
        case "snoozed":
            of_tab = _SNOOZED
        case "mentions":
            of_tab = _MENTIONS
    return f"{condition} AND {of_tab}", params


def _filters(wish: Wish) -> Condition:
    parts: list[LiteralString] = ["TRUE"]
    params: dict[str, object] = {}
    if wish.tab == "all":
        parts.append("c.state = ANY(%(states)s)")
        params["states"] = list(STATES[wish.state])
    if wish.department is not None:
        parts.append("c.department_id = %(department)s")
        params["department"] = wish.department
    if wish.words:
        parts.append(
            "(plain(c.title) LIKE plain(%(words)s) OR c.reference LIKE %(digits)s"
            " OR EXISTS (SELECT FROM record r JOIN customer k ON k.id = r.customer_id"
            " WHERE r.id = c.record_id AND plain(k.name) LIKE plain(%(words)s)))"
        )
        digits = "".join(char for char in wish.words if char.isdigit())
        params |= {"words": f"%{escaped(wish.words)}%", "digits": f"%{digits}%" if digits else ""}
    if wish.node is not None and wish.context is not None:
        condition, more = filters.condition(wish.node, wish.context)
        parts.append(condition)
        params |= more
    return " AND ".join(parts), params


def escaped(words: str) -> str:
    """Return the words for LIKE: percent and underscore mean themselves."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def page(session: Session, scope: Scope, wish: Wish) -> list[Place]:
    """Return a page in order, one row more than asked for when there are more."""
    sort, direction, beyond = _SORTS[wish.sort]
    of_tab, params = _tab(scope, wish)
    filters, more = _filters(wish)
    place: LiteralString = "TRUE"
    if wish.behind is not None:
        place = f"({sort}, c.id) {beyond} (%(key)s::timestamptz, %(last)s)"
        params |= {"key": wish.behind[0], "last": wish.behind[1]}
    found = await session.execute(
        f"""SELECT c.id, ({sort})::text FROM case_ c
             WHERE {of_tab} AND {filters} AND {place}
             ORDER BY {sort} {direction}, c.id {direction} LIMIT %(limit)s""",
        {**params, **more, "limit": wish.limit + 1},
    )
    return [Place(UUID(str(one)), str(key)) for one, key in await found.fetchall()]


async def count(session: Session, scope: Scope, wish: Wish, limit: int) -> int:
    """Count what a wish would find in all its pages, up to a limit."""
    of_tab, params = _tab(scope, wish)
    filters_, more = _filters(wish)
    found = await session.execute(
        f"SELECT count(*) FROM (SELECT FROM case_ c WHERE {of_tab} AND {filters_}"
        " LIMIT %(limit)s) x",
        {**params, **more, "limit": limit},
    )
    counted = await found.fetchone()
    return int(counted[0]) if counted else 0


async def matching(session: Session, scope: Scope, wish: Wish, limit: int) -> list[UUID]:
    """Return all Cases a wish finds, oldest id first: for jobs over many."""
    of_tab, params = _tab(scope, wish)
    filters_, more = _filters(wish)
    found = await session.execute(
        f"SELECT c.id FROM case_ c WHERE {of_tab} AND {filters_} ORDER BY c.id LIMIT %(limit)s",
        {**params, **more, "limit": limit},
    )
    return [UUID(str(one)) for (one,) in await found.fetchall()]


def context(scope: Scope, now: datetime, zone: str) -> Context:
    """Return who asks by a filter tree, when, and where."""
    return Context(now, scope.id or UUID(int=0), zone)


def view_wish(tree: object, context: Context, sort: str = "due") -> Wish:
    """Return the wish for all a filter tree finds; raise Invalid when it is none."""
    return Wish(tab="view", sort=sort, node=read_filter(tree), context=context)


async def zone(session: Session, person: UUID) -> str:
    """Return the time zone of a person."""
    found = await session.execute("SELECT zone FROM person WHERE id = %s", [person])
    named = await found.fetchone()
    return str(named[0]) if named else "UTC"


async def names(session: Session) -> dict[str, str]:
    """Return the names of departments and people by id."""
    found = await session.execute(
        "SELECT id::text, name FROM department UNION ALL SELECT id::text, name FROM person"
    )
    return {str(id_): str(name) for id_, name in await found.fetchall()}


async def reads(session: Session, person: UUID, cases: Sequence[UUID]) -> dict[UUID, int]:
    """Return how far a person has read in these Cases."""
    found = await session.execute(
        "SELECT case_id, position FROM case_read WHERE person_id = %s AND case_id = ANY(%s)",
        [person, list(cases)],
    )
    return {UUID(str(case)): int(position) for case, position in await found.fetchall()}


async def unread(session: Session, person: UUID, cases: Sequence[UUID]) -> dict[UUID, int]:
    """Count what the customer wrote since one of us answered and this person looked; 0 is left out.

    At most 100 for one Case.
    """
    found = await session.execute(
        """SELECT c.id, n.unread FROM case_ c
             LEFT JOIN case_read x ON x.case_id = c.id AND x.person_id = %(me)s
            CROSS JOIN LATERAL (SELECT count(*) AS unread FROM (
                  SELECT FROM interaction i JOIN message m ON m.interaction_id = i.id
                   WHERE i.case_id = c.id AND m.kind = 'in'
                     AND m.position > greatest(c.last_staff, coalesce(x.position, 0))
                   LIMIT 100) y) n
            WHERE c.id = ANY(%(ids)s) AND n.unread > 0
              AND c.last_customer > greatest(c.last_staff, coalesce(x.position, 0))""",
        {"me": person, "ids": list(cases)},
    )
    return {UUID(str(case)): int(number) for case, number in await found.fetchall()}


async def counters(session: Session, scope: Scope) -> dict[str, int]:
    """Count each tab up to 1,000, and the quarantined arrivals of the reader's departments."""
    parts: list[LiteralString] = []
    params: dict[str, object] = {}
    for tab in TABS:
        wish = Wish(tab=tab)
        of_tab, more = _tab(scope, wish)
        filters, also = _filters(wish)
        params |= more | also
        parts.append(
            f"(SELECT count(*) FROM (SELECT FROM case_ c WHERE {of_tab} AND {filters}"
            f" LIMIT {COUNT_MAX}) x) AS {tab}"
        )
    parts.append(
        "(SELECT count(*) FROM (SELECT FROM arrival r JOIN channel_account a ON a.id ="
        " r.account_id WHERE r.state = 'quarantined' AND a.department_id = ANY(%(reach_listed)s)"
        f" LIMIT {COUNT_MAX}) x) AS quarantined"
    )
    found = await session.execute("SELECT " + ", ".join(parts), params)
    names = (*TABS, "quarantined")
    return dict(zip(names, await found.fetchone() or (0,) * len(names), strict=True))


async def live_work(session: Session, cases: Sequence[UUID]) -> list[UUID]:
    """Return the WorkItems of the Cases that are not final."""
    found = await session.execute(
        """SELECT id FROM work_item
            WHERE case_id = ANY(%s) AND state NOT IN ('done', 'cancelled')""",
        [list(cases)],
    )
    return [UUID(str(one)) for (one,) in await found.fetchall()]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An arrival nobody could read; its bytes are kept."""

    id: UUID
    account_id: UUID
    account: str
    kind: str
    received_at: datetime
    size: int
    error: str | None
    tries: int


async def quarantined(session: Session, scope: Scope, limit: int = 100) -> list[Quarantined]:
    """Return the unreadable arrivals of the reader's departments, newest first."""
    _, params = listed_for(scope)
    return await rows(
        session,
        """SELECT r.id, r.account_id, a.name AS account, a.kind, r.received_at, r.size, r.error,
                  r.tries
             FROM arrival r JOIN channel_account a ON a.id = r.account_id
            WHERE r.state = 'quarantined' AND a.department_id = ANY(%(listed)s)
            ORDER BY r.received_at DESC LIMIT %(limit)s""",
        {"listed": params.get("reach_listed", []), "limit": limit},
        Quarantined,
    )
