"""Socket: ticket, origin, hello; then frames out, fleeting news in; for staff and for customers."""

import asyncio
import contextlib
import hashlib

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from polyphony.live.entry import Door, House, Refused, enter, hello_of, read, ready
from polyphony.live.line import BAD_FRAME, NO_HELLO, REFUSED, RESTART, Line, frame
from polyphony.live.said import Ear
from polyphony.live.wire import EXTENSION
from polyphony.store import feed as log
from polyphony.store.database import Unavailable

HELLO_S = 5.0
SEND_S = 10.0


async def serve(websocket: WebSocket, house: House, door: Door) -> None:
    """Run one socket from handshake to the end."""
    if not door.origin(websocket.headers.get("origin")):
        await websocket.close(REFUSED)  # before accept: the browser sees 403
        return
    await websocket.accept()
    line: Line | None = None
    try:
        line = await _enter(websocket, house, door)
        if house.opened is not None:
            await house.opened(line)
        await _live(websocket, house, door, line)
    except Refused as refused:
        await _goodbye(websocket, refused.code, refused.reason)
    except (Unavailable, WebSocketDisconnect):
        await _goodbye(websocket, RESTART, "unavailable")
    finally:
        if line is not None:
            house.fan.remove(line)
            if house.closed is not None:
                await asyncio.shield(house.closed(line))


async def _goodbye(websocket: WebSocket, code: int, reason: str) -> None:
    if websocket.application_state is not WebSocketState.CONNECTED:
        return
    with contextlib.suppress(RuntimeError, WebSocketDisconnect, OSError):
        await websocket.send_text(frame(t="bye", code=code, reason=reason).decode())
        await websocket.close(code, reason)


async def _enter(websocket: WebSocket, house: House, door: Door) -> Line:
    """Hear the hello, use the ticket up, enter."""
    ready(house)
    told = read(await _first(websocket))
    if told.get("t") != "hello":
        raise Refused(BAD_FRAME, "hello first")
    hello = hello_of(told)
    async with house.database.transaction() as session:
        ticket = await log.take_ticket(session, _hash(str(told.get("ticket", ""))), house.now())
    if ticket is None:
        raise Refused(REFUSED, "ticket")

    def dress(line: Line) -> None:
        line.wire = websocket.scope.get("extensions", {}).get(EXTENSION)

    return await enter(
        house, door, hello, lambda session: door.admit(session, ticket, websocket), dress
    )


async def _first(websocket: WebSocket) -> str:
    try:
        return await asyncio.wait_for(websocket.receive_text(), HELLO_S)
    except TimeoutError as late:
        raise Refused(NO_HELLO, "no hello") from late
    except KeyError as binary:
        raise Refused(BAD_FRAME, "text frames only") from binary


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


async def _live(websocket: WebSocket, house: House, door: Door, line: Line) -> None:
    """Read and write until one of them ends."""
    tasks = [
        asyncio.create_task(_write(websocket, line)),
        asyncio.create_task(_listen(websocket, house, door, line)),
    ]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()
    if line.closing is not None and websocket.application_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect, OSError):
            await websocket.close(line.closing)


async def _write(websocket: WebSocket, line: Line) -> None:
    while True:
        data = line.take()
        if data is None:
            if line.closing is not None:
                return
            await line.ready.wait()
            continue
        try:
            # A reader that takes nothing for so long is gone or too slow: the line ends.
            async with asyncio.timeout(SEND_S if line.closing is None else 1.0):
                await websocket.send_text(data.decode())
        except (TimeoutError, OSError, RuntimeError, WebSocketDisconnect):
            return


async def _listen(websocket: WebSocket, house: House, door: Door, line: Line) -> None:
    ear = Ear(house, door, line)
    clock = asyncio.get_running_loop().time
    while True:
        try:
            told = read(await websocket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            return
        except KeyError as binary:
            raise Refused(BAD_FRAME, "text frames only") from binary
        await ear.hear(told, clock())
