"""The way to PostgreSQL: pool, transactions, dedicated connections, rows as dataclasses."""

import asyncio
import contextlib
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from operator import itemgetter
from typing import Any, LiteralString, Self, TypeAlias, TypeVar, overload
from weakref import WeakKeyDictionary

import orjson
import psycopg
from psycopg import AsyncConnection, AsyncCursor, errors, sql
from psycopg.rows import RowMaker, TupleRow
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

Session: TypeAlias = AsyncConnection[TupleRow]
"""One open transaction (or one dedicated connection); every store function takes it first."""

Query: TypeAlias = LiteralString | bytes | sql.SQL | sql.Composed
Params: TypeAlias = Sequence[object] | Mapping[str, object]

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")

CONNECT_S = 2.0
"""How long a caller waits for a connection before he hears Unavailable."""

_RECONNECT_S = 3.0  # the pool's own back-off stays below 2 s, whatever the length of an outage

set_json_dumps(orjson.dumps)
set_json_loads(orjson.loads)


_promised: WeakKeyDictionary[Session, list[Callable[[], None]]] = WeakKeyDictionary()


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Do this once the transaction has committed; forgotten when it is rolled back.

    Only transactions of ``Database.transaction`` know of it; ``act`` must be quick and not raise.
    """
    _promised.setdefault(session, []).append(act)


class Unavailable(Exception):
    """The database did not answer, broke off, or is full: nothing was committed by us knowingly."""


class Busy(Unavailable):
    """A lock was held too long, or two transactions stood in each other's way: try again."""


class TooSlow(Unavailable):
    """The statement ran into the time limit of this session."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Session settings, in milliseconds; ``statement`` 0 = none.

    ``generic_plans`` is for roles that repeat a few statements over arrays for ever: the planner
    would else plan each of them anew, because it sees another array every time.
    """

    lock: int = 2_000
    idle_in_transaction: int = 5_000
    statement: int = 0
    generic_plans: bool = False

    def options(self) -> str:
        """Return them as start-up options: no round trip of their own."""
        return (
            f"-c lock_timeout={self.lock} "
            f"-c idle_in_transaction_session_timeout={self.idle_in_transaction} "
            f"-c statement_timeout={self.statement} "
            f"-c jit=off "  # our statements are short; compiling one costs more than it ever saves
            f"-c plan_cache_mode={'force_generic_plan' if self.generic_plans else 'auto'}"
        )


class Database:
    """A pool of connections of one process; open it inside the event loop that uses it."""

    def __init__(
        self,
        url: str,
        *,
        direct_url: str | None = None,
        size: int = 10,
        ready: int = 1,
        limits: Limits | None = None,
        name: str = "polyphony",
    ) -> None:
        """Name the server; ``direct_url`` goes past a pooler, ``ready`` connections stay open."""
        self.url = url
        self.direct_url = direct_url or url
        self._limits = limits or Limits()
        self._name = name
        self._sweeps: set[asyncio.Task[None]] = set()
        self._pool: AsyncConnectionPool[Session] = AsyncConnectionPool(
            url,
            min_size=min(ready, size),
            max_size=size,
            kwargs={"options": self._limits.options(), "application_name": name},
            timeout=CONNECT_S,
            reconnect_timeout=_RECONNECT_S,
            max_idle=60.0,
            open=False,
            name=name,
        )

    async def __aenter__(self) -> Self:
        """Open."""
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.close()

    async def open(self, wait_s: float = 10.0) -> None:
        """Open the pool; raise Unavailable when no connection comes within ``wait_s`` seconds."""
        await self._pool.open()
        try:
            await self._pool.wait(wait_s)
        except PoolTimeout as late:
            raise Unavailable(f"no connection to the database within {wait_s:.0f} s") from late

    async def close(self) -> None:
        """Close all connections of the pool."""
        for sweep in tuple(self._sweeps):
            sweep.cancel()
        await self._pool.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """One transaction: committed at the end, rolled back when anything is raised.

        Raises Unavailable (or Busy, TooSlow) for what is the database's fault. When the commit
        itself breaks off the outcome is unknown: callers answer 503, never success.
        """
        with self._translated():
            async with self._pool.connection() as connection:
                try:
                    yield connection
                    await connection.commit()
                except BaseException:
                    _promised.pop(connection, None)
                    raise
                promised = _promised.pop(connection, ())
        for act in promised:
            act()

    @asynccontextmanager
    async def reads(self) -> AsyncIterator[Session]:
        """One read-only transaction; the server refuses every write in it."""
        with self._translated():
            async with self._pool.connection() as connection:
                await connection.set_read_only(True)
                try:
                    yield connection
                finally:
                    if not connection.closed:
                        await connection.rollback()
                        await connection.set_read_only(None)

    @asynccontextmanager
    async def single(self) -> AsyncIterator[Session]:
        """A connection on which every statement is a transaction of its own: no BEGIN, no COMMIT.

        For flows that make one statement, and for claims. Raises as ``transaction`` does.
        """
        promised: Sequence[Callable[[], None]] = ()
        with self._translated():
            async with self._pool.connection() as connection:
                await connection.set_autocommit(True)
                try:
                    yield connection
                finally:
                    promised = _promised.pop(connection, ())
                    if not connection.closed:
                        await connection.set_autocommit(False)
        for act in promised:
            act()

    @asynccontextmanager
    async def direct(self) -> AsyncIterator[Session]:
        """One dedicated connection in autocommit, for LISTEN and advisory locks held long."""
        with self._translated():
            connection = await AsyncConnection.connect(
                self.direct_url,
                autocommit=True,
                options=self._limits.options(),
                application_name=f"{self._name} direct",
                connect_timeout=5,
            )
        try:
            with self._translated():
                yield connection
        finally:
            await connection.close()

    def figures(self) -> Mapping[str, int]:
        """Return the pool's counters (size, available, waiting …) for metrics."""
        return self._pool.get_stats()

    @contextlib.contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except (PoolTimeout, PoolClosed) as late:
            raise Unavailable("no connection to the database in time") from late
        except (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure) as e:
            raise Busy(str(e)) from e
        except errors.QueryCanceled as slow:
            raise TooSlow(str(slow)) from slow
        except (psycopg.OperationalError, psycopg.InterfaceError) as broken:
            self._sweep()
            raise Unavailable(str(broken)) from broken

    def _sweep(self) -> None:
        """Throw out connections that died together with the one just seen."""
        with contextlib.suppress(RuntimeError):
            task = asyncio.get_running_loop().create_task(self._pool.check())
            self._sweeps.add(task)
            task.add_done_callback(self._swept)

    def _swept(self, task: asyncio.Task[None]) -> None:
        self._sweeps.discard(task)
        if not task.cancelled():
            task.exception()  # the pool repairs itself; the next caller hears of what remains


@overload
async def together(first: Awaitable[T], second: Awaitable[U], /) -> tuple[T, U]: ...
@overload
async def together(
    first: Awaitable[T], second: Awaitable[U], third: Awaitable[V], /
) -> tuple[T, U, V]: ...
async def together(*asked: Awaitable[object]) -> tuple[object, ...]:
    """Ask several things of one session; in a pipeline they share a round trip.

    All have ended before the first failure is raised: nothing goes on behind the caller's back.
    """
    found = await asyncio.gather(*asked, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return tuple(found)


def _made(as_: type[T]) -> Callable[[AsyncCursor[Any]], RowMaker[T]]:
    """Make rows by position: naming every value of every row takes longer than reading it."""

    def of(cursor: AsyncCursor[Any]) -> RowMaker[T]:
        names = tuple(column.name for column in cursor.description or ())
        kind: object = as_
        first = _fields(kind)[: len(names)]
        if names == first:
            return lambda values: as_(*values)
        if len(names) > 1 and sorted(names) == sorted(first):
            ordered = itemgetter(*map(names.index, first))
            return lambda values: as_(*ordered(values))
        return lambda values: as_(**dict(zip(names, values, strict=True)))

    return of


@cache
def _fields(as_: object) -> tuple[str, ...]:
    named: tuple[str, ...] = getattr(as_, "_fields", ())
    if not named and is_dataclass(as_):
        named = tuple(one.name for one in fields(as_) if one.init and not one.kw_only)
    return named


async def rows(session: Session, query: Query, params: Params | None, as_: type[T]) -> list[T]:
    """Run a query and return each row as an instance of ``as_``; column names = field names."""
    async with session.cursor(row_factory=_made(as_)) as cursor:
        await cursor.execute(query, params)
        return await cursor.fetchall()


async def row(session: Session, query: Query, params: Params | None, as_: type[T]) -> T | None:
    """Run a query and return its first row as an instance of ``as_``, or None."""
    async with session.cursor(row_factory=_made(as_)) as cursor:
        await cursor.execute(query, params)
        return await cursor.fetchone()


async def notices(session: Session, *channels: LiteralString) -> AsyncGenerator[str]:
    """Listen on a direct connection; yield the channel of each notice, empty text every second."""
    for channel in channels:
        await session.execute("LISTEN " + channel)
    while True:
        heard = False
        async for notice in session.notifies(timeout=1.0):
            heard = True
            yield notice.channel
        if not heard:
            yield ""
