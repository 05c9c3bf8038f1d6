"""The floor of chat intake: a bare route and a micro-batched insert, in a process of its own."""

import asyncio
import os
import sys
from collections.abc import Sequence
from uuid import UUID, uuid4

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyphony.app.bench.floors import KEEP
from polyphony.store.batch import MicroBatch
from polyphony.store.database import Database

_ACCOUNT = uuid4()


def application(database: Database) -> Starlette:
    """One route that keeps the body under its cid and answers after the commit."""

    async def keep(bodies: Sequence[bytes]) -> Sequence[str]:
        keys = [str(orjson.loads(body)["cid"]) for body in bodies]
        ids: list[UUID] = [uuid4() for _ in bodies]
        async with database.transaction() as session:
            await session.execute(
                KEEP, [len(bodies[0]), ids, [_ACCOUNT] * len(ids), keys, list(bodies)]
            )
        return keys

    batch = MicroBatch(keep)

    async def post(request: Request) -> Response:
        key = await batch.add(await request.body())
        return Response(orjson.dumps({"cid": key}), 201, media_type="application/json")

    async def ready(_: Request) -> Response:
        return Response(b"{}", media_type="application/json")

    return Starlette(
        routes=[
            Route("/v1/chat/messages", post, methods=["POST"]),
            Route("/readyz", ready),
        ]
    )


async def _serve(url: str, port: int) -> None:
    async with Database(url, size=5, name="bare") as database:
        async with database.direct() as connection:
            await connection.execute(
                "CREATE TABLE IF NOT EXISTS floor_arrival (LIKE arrival INCLUDING ALL)"
            )
        config = uvicorn.Config(
            application(database), host="127.0.0.1", port=port, access_log=False, log_level="error"
        )
        await uvicorn.Server(config).serve()


def main() -> None:
    """Serve on the port given as the only argument until SIGTERM."""
    asyncio.run(_serve(os.environ["POLYPHONY_BENCH_URL"], int(sys.argv[1])))


if __name__ == "__main__":
    main()
