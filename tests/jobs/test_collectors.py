"""Collectors bring every mail once, survive both sides' deaths, and share accounts by lease."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.kit import ADDRESS, LOOPBACK, account, mail, until

from polyphony.channels.registry import channels
from polyphony.domain.failure import Temporary
from polyphony.jobs import collectors as collectors_module
from polyphony.jobs.collectors import Collectors, Memory, back_off, while_leased
from polyphony.ports import Account, Health
from polyphony.simulator.ends.email import MailEnd

OTHER = "sales@desk.example"


class Store:
    """The store's half in memory: keys by bytes, marks and leases, and it can be away."""

    def __init__(self, *accounts: Account) -> None:
        self.accounts: dict[UUID, Account] = {one.id: one for one in accounts}
        self.kept: list[tuple[str, bytes]] = []
        self.marks: dict[UUID, Mapping[str, object]] = {}
        self.owners: dict[UUID, tuple[str, float]] = {}
        self.states: dict[str, list[str]] = {}
        self.away = False
        self.keeps = 0

    def memory(self, worker: str = "w1") -> Memory:
        async def accounts() -> Sequence[Account]:
            self._here()
            return list(self.accounts.values())

        async def lease(thing: UUID, seconds: float) -> bool:
            self._here()
            now = asyncio.get_running_loop().time()
            owner, ends = self.owners.get(thing, ("", 0.0))
            if owner not in {"", worker} and ends > now:
                return False
            self.owners[thing] = (worker, now + seconds)
            return True

        async def release(thing: UUID) -> None:
            self._here()
            if self.owners.get(thing, ("", 0.0))[0] == worker:
                del self.owners[thing]

        async def mark(thing: UUID) -> Mapping[str, object]:
            self._here()
            return self.marks.get(thing, {})

        async def health(ours: Account, now: Health) -> None:
            self.states.setdefault(ours.address, []).append(now.code or now.state)

        return Memory(accounts, lease, release, mark, self.keep, health)

    async def keep(
        self, ours: Account, bodies: Sequence[bytes], mark: Mapping[str, object]
    ) -> None:
        self._here()
        self.keeps += 1
        known = set(self.kept)
        self.kept += [(ours.address, one) for one in bodies if (ours.address, one) not in known]
        self.marks[ours.id] = mark

    def _here(self) -> None:
        if self.away:
            raise OSError("the database is away")


class Running:
    """A worker's collectors, running until left."""

    def __init__(self, store: Store, worker: str = "w1") -> None:
        self.collectors = Collectors(channels(LOOPBACK), store.memory(worker))
        self._stop = asyncio.Event()

    async def __aenter__(self) -> Collectors:
        await self.start()
        return self.collectors

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        assert mailbox_threads() == []

    async def start(self) -> None:
        self._task = asyncio.ensure_future(self.collectors.run(self._stop))

    async def stop(self) -> None:
        self._stop.set()
        async with asyncio.timeout(20):
            await self._task


def mailbox_threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "mailbox"]


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    monkeypatch.setattr(collectors_module, "BACK_OFF_S", 0.05)
    monkeypatch.setattr(collectors_module, "BACK_OFF_MAX_S", 0.2)
    monkeypatch.setattr(collectors_module, "BROKEN_MAX_S", 0.2)
    monkeypatch.setattr(collectors_module, "LOOK_S", 0.2)
    monkeypatch.setattr(collectors_module, "LEASE_S", 0.6)


@pytest.fixture
async def end():
    async with MailEnd({ADDRESS: "secret", OTHER: "secret"}) as running:
        yield running


def ours(end: MailEnd, address: str = ADDRESS, **settings) -> Account:
    first = account(end.imap_port, imap_user=address, **settings)
    return replace(first, id=uuid4(), address=address)


async def test_mail_of_every_account_is_kept_and_then_acknowledged(end):
    store = Store(ours(end, after_read="move", move_to="Done"), ours(end, OTHER))
    end.deliver(ADDRESS, mail(1))
    end.deliver(OTHER, mail(2))
    async with Running(store):
        await until(lambda: len(store.kept) == 2)
        await until(lambda: end.mailboxes[ADDRESS].shelf["Done"])
        end.deliver(OTHER, mail(3))
        await until(lambda: len(store.kept) == 3)
    assert set(store.kept) == {(ADDRESS, mail(1)), (OTHER, mail(2)), (OTHER, mail(3))}
    assert store.states[ADDRESS] == ["working"]
    assert store.owners == {}


async def test_what_could_not_be_kept_is_not_acknowledged_and_comes_again(end):
    store = Store(ours(end, after_read="move", move_to="Done"))
    box = end.mailboxes[ADDRESS]
    async with Running(store):
        await until(lambda: store.owners)
        await asyncio.sleep(0.2)
        store.away = True
        end.deliver(ADDRESS, mail(1))
        await asyncio.sleep(0.5)
        assert len(box.mails) == 1
        assert store.kept == []
        store.away = False
        await until(lambda: store.kept)
        await until(lambda: not box.mails)
    assert store.kept == [(ADDRESS, mail(1))]


async def test_a_server_that_dies_is_found_again(end):
    store = Store(ours(end))
    async with Running(store):
        end.deliver(ADDRESS, mail(1))
        await until(lambda: store.kept)
        await end.stop()
        await until(lambda: "imap_connection_lost" in store.states[ADDRESS])
        end.deliver(ADDRESS, mail(2))
        await end.start()
        await until(lambda: len(store.kept) == 2)
    assert store.kept == [(ADDRESS, mail(1)), (ADDRESS, mail(2))]


async def test_one_worker_holds_an_account_and_another_takes_over(end):
    store = Store(ours(end))
    first, second = Running(store, "w1"), Running(store, "w2")

    def owner() -> str:
        return next((name for name, _ in store.owners.values()), "")

    await first.start()
    await until(lambda: owner() == "w1")
    await second.start()
    end.deliver(ADDRESS, mail(1))
    await until(lambda: store.kept)
    await asyncio.sleep(0.7)
    assert len(end.mailboxes[ADDRESS].watchers) == 1
    assert owner() == "w1"
    await first.stop()
    end.deliver(ADDRESS, mail(2))
    await until(lambda: len(store.kept) == 2)
    assert owner() == "w2"
    await second.stop()
    assert mailbox_threads() == []
    assert store.keeps == 2


async def test_a_lost_lease_stops_the_work():
    answers = iter([True, False])
    stopped = asyncio.Event()

    async def lease(_thing, _seconds):
        return next(answers)

    async def release(_thing):
        raise OSError("away")

    async def work():
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    async with asyncio.timeout(30):
        assert await while_leased(UUID(int=1), lease, release, work)
    assert stopped.is_set()


async def test_work_that_nobody_can_renew_stops_when_its_lease_is_over():
    calls = []

    async def lease(_thing, _seconds):
        calls.append(1)
        if len(calls) > 1:
            raise OSError("away")
        return True

    async def release(_thing):
        return

    async with asyncio.timeout(30):
        await while_leased(UUID(int=1), lease, release, lambda: asyncio.sleep(60))
    assert 3 <= len(calls) <= 6


async def test_a_failure_of_the_work_is_heard():
    async def fine(*_args):
        return True

    async def work():
        raise Temporary("x")

    with pytest.raises(Temporary):
        await while_leased(UUID(int=1), fine, fine, work)


async def test_a_broken_account_is_told_and_disturbs_no_other(end):
    broken = replace(ours(end), secrets={"imap_password": "wrong"})
    store = Store(broken, ours(end, OTHER))
    async with Running(store) as collectors:
        end.deliver(OTHER, mail(1))
        await until(lambda: store.kept)
        await until(lambda: "imap_sign_in_refused" in store.states.get(ADDRESS, []))
        store.accounts[broken.id] = replace(broken, secrets={"imap_password": "secret"})
        collectors.look()
        end.deliver(ADDRESS, mail(2))
        await until(lambda: len(store.kept) == 2)
    assert store.states[ADDRESS][-1] == "working"


async def test_an_account_that_is_switched_off_is_let_go(end):
    store = Store(ours(end))
    async with Running(store) as collectors:
        await until(lambda: end.mailboxes[ADDRESS].watchers)
        store.accounts.clear()
        collectors.look()
        await until(lambda: not end.mailboxes[ADDRESS].watchers)
        await until(lambda: store.owners == {})


async def test_ten_thousand_mails_numbered_anew_are_kept_once(end):
    store = Store(ours(end))
    for number in range(10_000):
        end.deliver(ADDRESS, mail(number))

    async with Running(store):
        await until(lambda: len(store.kept) == 10_000, seconds=60)
    end.mailboxes[ADDRESS].renumber(99)
    async with Running(store):
        await until(lambda: next(iter(store.marks.values()))["uidvalidity"] == 99)
        await until(lambda: next(iter(store.marks.values()))["uid"] == 10_000, seconds=60)
    assert len(store.kept) == len(set(store.kept)) == 10_000


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_waiting_grows_is_spread_and_never_passes_the_most(failures, chance):
    waits = back_off(failures, 60.0, chance)
    assert 0.05 <= waits <= 60.0
    assert back_off(failures, 60.0, chance) <= max(0.05, chance * 60.0)
