"""Who is one customer: a function of the links alone, in any order, with the old ids back."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.make.moment import AT

from polyphony.domain.component import Edge, Id, Node, Verdict, pieces, plan
from polyphony.domain.errors import Conflict

N = 7


def nodes(trust: dict[int, int] | None = None) -> list[Node]:
    return [Node(UUID(int=n), AT + timedelta(n), (trust or {}).get(n, 0)) for n in range(N)]


def ids() -> list[Id]:
    return [Id(UUID(int=100 + n), UUID(int=n), AT + timedelta(n)) for n in range(N)]


def same(*pairs: tuple[int, int], verdict: Verdict = Verdict.SAME) -> list[Edge]:
    return [Edge(UUID(int=1000 + 10 * a + b), UUID(int=a), UUID(int=b), verdict) for a, b in pairs]


PAIRS = st.lists(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), max_size=9)


@settings(max_examples=120)
@given(PAIRS, st.randoms(use_true_random=False))
def test_the_same_links_in_any_order_give_the_same_customers(pairs, chance) -> None:
    links, known, names = same(*pairs), nodes(), ids()
    told = {(one.id, one.records, one.gone) for one in plan(known, links, names)}
    for pile in (links, known, names):
        chance.shuffle(pile)
    assert {(one.id, one.records, one.gone) for one in plan(known, links, names)} == told
    assert sorted(id_ for _, records, _ in told for id_ in records) == [n.id for n in nodes()]
    owned = [id_ for one, _, gone in told for id_ in (one, *gone)]
    assert sorted(owned) == [one.id for one in ids()], "every id means one customer, none is lost"


def test_the_older_id_survives_unless_the_other_has_the_master_system() -> None:
    one = next(p for p in plan(nodes(), same((1, 4)), ids()) if len(p.records) == 2)
    assert (one.id, one.gone) == (UUID(int=101), (UUID(int=104),))
    one = next(p for p in plan(nodes({4: 2}), same((1, 4)), ids()) if len(p.records) == 2)
    assert (one.id, one.gone) == (UUID(int=104), (UUID(int=101),))


def test_a_part_without_an_id_of_its_own_needs_a_new_one() -> None:
    only = [one for one in ids() if one.id != UUID(int=105)]
    assert [one.id for one in plan(nodes(), [], only)].count(None) == 1
    assert all(one.id for one in plan(nodes(), same((2, 5)), only))


def test_who_is_different_never_becomes_one_not_even_through_others() -> None:
    links = [*same((1, 2), (2, 3)), *same((1, 3), verdict=Verdict.DIFFERENT)]
    with pytest.raises(Conflict, match=r"match\.different"):
        plan(nodes(), links, ids())
    assert len(plan(nodes(), links[1:], ids())) == N - 1


def test_links_to_records_of_others_join_nothing_here() -> None:
    assert len(pieces(nodes(), same((1, 50), (2, 50)))) == N
