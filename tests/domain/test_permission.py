"""Who may see and do what: the decision, the lists, the tags; all from one Scope."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.ids import CaseId, DepartmentId, PersonId
from polyphony.domain.permission import (
    SYSTEM,
    Act,
    Allow,
    CaseFacts,
    Deny,
    Scope,
    Shelf,
    case_audience,
    decide,
    finds,
    fingerprint,
    keeps,
    leads,
    listed,
    pulls,
    sees,
    supervised,
    tags,
)
from polyphony.domain.role import BUILT_IN, Role

D1, D2, D3 = (DepartmentId(UUID(int=n)) for n in (1, 2, 3))
ME, OTHER = PersonId(UUID(int=10)), PersonId(UUID(int=11))
OPEN = frozenset({D1, D2})
CASE = CaseId(UUID(int=20))


def scope(*roles: Role, member: tuple[DepartmentId, ...] = (), limits: object = ()) -> Scope:
    return Scope(
        "person", ME, frozenset(roles), frozenset(member), frozenset(limits),
        open_departments=OPEN,
    )  # fmt: skip


AGENT_1 = scope(Role.AGENT, member=(D1,))
LEAD_1 = scope(Role.SUPERVISOR, member=(D1,))
ADMIN, AUDITOR = scope(Role.ADMIN), scope(Role.AUDITOR)
OPEN_1, OPEN_2 = CaseFacts(CASE, D1), CaseFacts(CASE, D2)
SEALED_3 = CaseFacts(CASE, D3, sealed=True)
HELD_3 = CaseFacts(CASE, D3, sealed=True, holders=frozenset({ME}))


@pytest.mark.parametrize("who", [AGENT_1, LEAD_1, ADMIN, AUDITOR])
def test_everybody_reads_open_cases_and_nobody_else_s_sealed_ones(who: Scope) -> None:
    assert isinstance(decide(who, Act.READ, OPEN_2), Allow)
    assert decide(who, Act.READ, SEALED_3) == Deny(hidden=True)
    assert decide(who, Act.WRITE, SEALED_3) == Deny(hidden=True)


def test_members_and_holders_see_sealed_cases() -> None:
    assert sees(scope(Role.AGENT, member=(D3,)), SEALED_3)
    assert sees(AGENT_1, HELD_3)
    assert isinstance(decide(AGENT_1, Act.WRITE, HELD_3), Allow)


def test_writing_needs_a_role_and_the_department_or_the_work() -> None:
    assert isinstance(decide(AGENT_1, Act.WRITE, OPEN_1), Allow)
    assert decide(AGENT_1, Act.WRITE, OPEN_2) == Deny(needs=(f"department:{D2}",))
    assert decide(ADMIN, Act.WRITE, OPEN_1) == Deny(needs=("write",))
    assert isinstance(decide(LEAD_1, Act.WRITE, OPEN_1), Allow)


@pytest.mark.parametrize("act", [act for act in Act if act not in (Act.READ, Act.EXAMINE)])
def test_an_auditor_changes_nothing(act: Act) -> None:
    member = scope(Role.AUDITOR, member=(D1,))
    assert isinstance(decide(member, act, OPEN_1), Deny)
    assert isinstance(decide(member, act), Deny)


def test_only_supervisors_assign_and_only_in_their_departments() -> None:
    assert isinstance(decide(LEAD_1, Act.ASSIGN, OPEN_1), Allow)
    assert isinstance(decide(LEAD_1, Act.ASSIGN, OPEN_2), Deny)
    assert isinstance(decide(AGENT_1, Act.ASSIGN, OPEN_1), Deny)
    assert leads(LEAD_1, [D1, D2])
    assert not leads(LEAD_1, [D2])


def test_a_role_can_be_limited_to_departments() -> None:
    lead_2 = scope(Role.SUPERVISOR, member=(D1,), limits=((Role.SUPERVISOR, D2),))
    assert supervised(lead_2) == {D2}
    assert listed(lead_2) == {D1, D2}
    nowhere = scope(Role.SUPERVISOR, limits=((Role.SUPERVISOR, D3),))
    assert supervised(nowhere) == frozenset()
    assert listed(scope(Role.ADMIN, limits=((Role.ADMIN, D2),))) == {D2}


def test_administrators_list_all_open_departments_and_no_sealed_one() -> None:
    assert listed(ADMIN) == listed(AUDITOR) == OPEN
    assert f"member:{D3}" not in tags(ADMIN)


def test_a_customer_sees_no_case_and_hears_only_his_own_tag() -> None:
    visitor = Scope("customer", identity=UUID(int=5))
    assert not sees(visitor, OPEN_1)
    assert tags(visitor) == {f"cust:{UUID(int=5)}"}
    assert isinstance(decide(visitor, Act.READ, OPEN_1), Deny)


def test_the_system_may_do_everything() -> None:
    assert isinstance(decide(SYSTEM, Act.WRITE, SEALED_3), Allow)


DEPARTMENTS = st.sampled_from([D1, D2, D3])
SCOPES = st.builds(
    lambda roles, member, limits: Scope(
        "person", ME, frozenset(roles), frozenset(member),
        frozenset(limits), open_departments=OPEN,
    ),
    st.sets(st.sampled_from(BUILT_IN)),
    st.sets(DEPARTMENTS),
    st.sets(st.tuples(st.sampled_from(BUILT_IN), DEPARTMENTS), max_size=2),
)  # fmt: skip
CASES = st.builds(
    lambda where, sealed, holders: CaseFacts(
        CASE, where, sealed or where == D3, frozenset(holders)
    ),
    DEPARTMENTS,
    st.booleans(),
    st.sets(st.sampled_from([ME, OTHER])),
)


@given(SCOPES, CASES)
def test_whoever_hears_of_a_case_may_see_it(who: Scope, case: CaseFacts) -> None:
    heard = tags(who) & set(case_audience(case))
    assert not heard or sees(who, case)


@given(SCOPES, CASES)
def test_whoever_may_write_may_read(who: Scope, case: CaseFacts) -> None:
    if isinstance(decide(who, Act.WRITE, case), Allow):
        assert isinstance(decide(who, Act.READ, case), Allow)


@given(SCOPES, SCOPES)
def test_the_fingerprint_changes_with_the_tags(one: Scope, two: Scope) -> None:
    if tags(one) != tags(two):
        assert fingerprint(one) != fingerprint(two)


ALL, CARE = Shelf("all"), Shelf("department", department=D1)
MINE, YOURS = Shelf("personal", person=ME), Shelf("personal", person=OTHER)


@pytest.mark.parametrize(
    ("who", "found", "kept"),
    [
        (AGENT_1, {ALL, CARE, MINE}, {MINE}),
        (LEAD_1, {ALL, CARE, MINE}, {CARE, MINE}),
        (scope(Role.AGENT, member=(D2,)), {ALL, MINE}, {MINE}),
        (ADMIN, {ALL, CARE, MINE}, {ALL, CARE}),
        (AUDITOR, {ALL, CARE, MINE}, set()),
        (Scope("customer", ME), set(), set()),
    ],
)
def test_things_on_shelves_are_found_and_kept_by_whose_they_are(who, found, kept) -> None:
    shelves = {ALL, CARE, MINE, YOURS}
    assert {one for one in shelves if finds(who, one)} == found
    assert {one for one in shelves if isinstance(keeps(who, one), Allow)} == kept
    hidden = [keeps(who, one) for one in shelves - found]
    assert all(isinstance(one, Deny) and one.hidden for one in hidden)


def test_levers_are_pulled_where_one_leads_and_of_the_house_without_a_limit() -> None:
    only_1 = scope(Role.SUPERVISOR, member=(D1,), limits=((Role.SUPERVISOR, D1),))
    assert [pulls(only_1, one) for one in (D1, D2, D3, None)] == [True, False, False, False]
    assert [pulls(LEAD_1, one) for one in (D1, D2, D3, None)] == [True, True, False, True]
    assert not any(pulls(who, one) for who in (AGENT_1, ADMIN, SYSTEM) for one in (D1, None))
