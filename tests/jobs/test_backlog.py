"""The backlog of the owner: what overtakes, what keeps its order, what is cut for transactions."""

from uuid import UUID

from polyphony.domain.routing.decisions import Offer, Relax, Withdraw
from polyphony.jobs import backlog
from polyphony.jobs.backlog import Backlog

WHO = UUID(int=1)


def offer(item):
    return Offer(0, UUID(int=item), WHO, 1, 1, 9, 50, False, None)


def back(item):
    return Withdraw(0, UUID(int=item), WHO, 2, "queue_paused")


def note(item):
    return Relax(0, UUID(int=item), 0, 1, "waited")


def written(waiting):
    """Everything in the order of its transactions, as (step, kind, item)."""
    found = []
    while waiting:
        for no, part in waiting.take(several=True):
            found += [(no, type(one).__name__, one.item.int) for one in part]
    return found


def test_what_is_live_and_taken_back_waits_for_nothing_that_has_nothing_to_do_with_it():
    waiting = Backlog()
    waiting.add(1, [offer(n) for n in range(10, 15)])
    waiting.add(2, [offer(20), back(11), back(30), offer(31), back(31)])
    found = written(waiting)
    assert found[0] == (2, "Withdraw", 30)
    assert found.index((1, "Offer", 11)) < found.index((2, "Withdraw", 11))
    assert found.index((2, "Offer", 31)) < found.index((2, "Withdraw", 31))
    assert len(found) == 10


def test_what_one_transaction_takes_keeps_its_order():
    waiting = Backlog()
    waiting.add(1, [offer(1), back(2)])
    assert [kind for _, kind, _ in written(waiting)] == ["Offer", "Withdraw"]


def test_notes_come_last_but_before_what_moves_their_item(monkeypatch):
    monkeypatch.setattr(backlog, "BATCH", 2)
    waiting = Backlog()
    waiting.add(1, [note(1), note(2), note(3), note(4), offer(4), offer(5)])
    waiting.add(2, [offer(2)])
    assert written(waiting) == [
        (1, "Relax", 4),
        (1, "Offer", 4),
        (1, "Offer", 5),
        (1, "Relax", 2),
        (2, "Offer", 2),
        (1, "Relax", 1),
        (1, "Relax", 3),
    ]


def test_of_what_was_refused_nothing_else_is_tried():
    waiting = Backlog()
    waiting.add(1, [offer(1), offer(2), note(3)])
    waiting.add(2, [back(1), offer(1), offer(4), note(1)])
    waiting.forget({UUID(int=1), UUID(int=3)})
    assert written(waiting) == [(1, "Offer", 2), (2, "Offer", 4)]


def test_only_offers_go_abreast(monkeypatch):
    monkeypatch.setattr(backlog, "BATCH", 1)
    waiting = Backlog()
    waiting.add(1, [offer(1), offer(2), offer(3), back(3)])
    assert [len(waiting.take(several=True)) for _ in range(3)] == [2, 1, 1]
    waiting.add(2, [offer(1), offer(2)])
    assert len(waiting.take(several=False)) == 1
    waiting.clear()
    assert not waiting
