"""Visibility: the one SQL condition that keeps rows of Cases from those who may not see them."""

from typing import LiteralString

from polyphony.domain.permission import Scope, listed, reach, where
from polyphony.domain.role import Right

Condition = tuple[LiteralString, dict[str, object]]
"""A condition and its named parameters (all begin with ``reach_``)."""

_HELD: LiteralString = """EXISTS (
    SELECT FROM work_item reach_w
     WHERE reach_w.case_id = {case}.id AND reach_w.agent_id = %(reach_person)s
       AND reach_w.state IN ('offered', 'in_work', 'suspended', 'wrap_up'))"""


def visible_to(scope: Scope, case: LiteralString = "c") -> Condition:
    """Return the condition on a row of ``case_`` (by its alias) under which the actor sees it.

    The twin of ``domain.permission.sees``; a test compares both on generated worlds.
    """
    found = reach(scope)
    if found.everything:
        return "TRUE", {}
    if found.person is None:
        return "FALSE", {}
    text = (
        f"(({case}.visibility = 'open' AND {case}.department_id = ANY(%(reach_open)s))"
        f" OR {case}.department_id = ANY(%(reach_members)s)"
        f" OR {_HELD.format(case=case)})"
    )
    return text, {
        "reach_open": list(found.open_departments),
        "reach_members": list(found.members),
        "reach_person": found.person,
    }


def listed_for(scope: Scope, case: LiteralString = "c") -> Condition:
    """Return the condition under which a Case stands in lists and counters of the actor."""
    if scope.kind == "system":
        return "TRUE", {}
    if scope.kind != "person":
        return "FALSE", {}
    text = (
        f"({case}.department_id = ANY(%(reach_listed)s) AND"
        f" ({case}.department_id = ANY(%(reach_members)s)"
        f" OR ({case}.visibility = 'open' AND {case}.department_id = ANY(%(reach_open)s))))"
    )
    return text, {
        "reach_listed": sorted(listed(scope)),
        "reach_members": sorted(scope.departments),
        "reach_open": sorted(scope.open_departments),
    }


def shelf_for(scope: Scope, thing: LiteralString = "x") -> Condition:
    """Return the condition on a snippet, article or macro under which the actor may use it.

    The twin of ``domain.permission.finds``.
    """
    if scope.kind == "system":
        return "TRUE", {}
    if scope.kind != "person":
        return "FALSE", {}
    text = (
        f"({thing}.scope = 'all' OR {thing}.department_id = ANY(%(reach_listed)s)"
        f" OR {thing}.person_id = %(reach_person)s)"
    )
    return text, {"reach_listed": sorted(listed(scope)), "reach_person": scope.id}


def heard_by(scope: Scope, message: LiteralString = "m", case: LiteralString = "c") -> Condition:
    """Return the condition under which the actor may read a Message of a Case he sees.

    A whispered line is for its author, the one it is whispered to and the supervisors of the
    department; the twin of ``domain.permission.hears``.
    """
    if scope.kind == "system":
        return "TRUE", {}
    text = (
        f"(NOT {message}.facts ? 'whisper_to' OR {message}.author_id = %(heard_person)s"
        f" OR {message}.facts->>'whisper_to' = %(heard_name)s"
        f" OR {case}.department_id = ANY(%(heard_led)s))"
    )
    return text, {
        "heard_person": scope.id,
        "heard_name": str(scope.id),
        "heard_led": sorted(where(scope, Right.LISTEN)),
    }
