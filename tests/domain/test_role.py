"""Roles: closed list of rights, what one brings, who may give what away."""

import pytest
from tests.make.moment import new_id

from polyphony.domain.errors import Invalid
from polyphony.domain.ids import DepartmentId
from polyphony.domain.permission import Act, Allow, Deny, Scope, decide, listed, tags, where
from polyphony.domain.role import (
    BUILT_IN,
    GROUPS,
    Right,
    Role,
    check,
    complete,
    key_of,
    known,
    outranks,
)

D1, D2 = DepartmentId(new_id()), DepartmentId(new_id())


def person(*roles: Role, limits: tuple[tuple[Role, DepartmentId], ...] = ()) -> Scope:
    return Scope(
        "person", new_id(), frozenset(roles), frozenset({D1}), frozenset(limits),
        open_departments=frozenset({D1, D2}),
    )  # fmt: skip


def test_every_right_stands_in_one_group_and_every_act_but_reading_needs_one() -> None:
    shown = [right for group in GROUPS.values() for right in group]
    assert sorted(shown) == sorted(Right)
    assert {act.value for act in Act} - {"read"} <= set(Right)


def test_the_built_in_roles_have_what_their_rights_cannot_do_without() -> None:
    assert all(complete(one.rights) == one.rights for one in BUILT_IN)


def test_a_role_nobody_knows_gives_nothing_and_a_person_without_one_may_only_read() -> None:
    assert known(["write", "fly"]) == {Right.WRITE}
    for act in set(Act) - {Act.READ}:
        assert isinstance(decide(person(), act), Deny)
        assert isinstance(decide(person(Role("empty")), act), Deny)


@pytest.mark.parametrize("right", list(Right))
def test_a_right_allows_its_own_act_and_no_other(right: Right) -> None:
    mine = person(Role("own", frozenset({right})))
    allowed = {act.value for act in Act if isinstance(decide(mine, act), Allow)}
    assert allowed == {"read", right.value} & {act.value for act in Act}


def test_what_belongs_to_the_house_is_not_given_by_a_limited_role() -> None:
    role = Role("own", frozenset({Right.PEOPLE, Right.WRITE, Right.OVERVIEW}))
    mine = person(role, limits=((role, D2),))
    assert decide(mine, Act.PEOPLE) == Deny(needs=("people",))
    assert where(mine, Right.WRITE) == {D2}
    assert listed(mine) == {D1, D2}


def test_who_looks_after_rules_hears_of_them() -> None:
    assert "admin" in tags(person(Role("own", frozenset({Right.RULES}))))
    assert "admin" not in tags(person(Role("own", frozenset({Right.PEOPLE}))))


def test_a_role_is_checked_and_gets_what_its_rights_bring() -> None:
    assert check("front_desk", ["take"]) == ["take", "write"]
    assert {"people", "rules", "channels"} <= set(check("all_of_it", ["configure"]))
    for key, rights in [("", ["write"]), ("Ä", ["write"]), ("ok", ["fly"])]:
        with pytest.raises(Invalid):
            check(key, rights)
    assert (key_of("Front desk!"), key_of("Приём")) == ("front_desk", "")


def test_nobody_gives_what_he_has_not_but_who_makes_roles() -> None:
    mine = frozenset({Right.PEOPLE, Right.WRITE})
    assert outranks(mine, [Right.WRITE])
    assert not outranks(mine, [Right.EXAMINE])
    assert outranks(mine | {Right.ROLES}, [Right.EXAMINE])
