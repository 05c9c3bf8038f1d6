"""The web process at its socket: small answers leave at once."""

import socket
from time import perf_counter
from types import SimpleNamespace

import pytest
from tests.make.desk import running

from polyphony.app import web
from polyphony.store.database import Database


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_every_accepted_line_sends_without_delay(host):
    with (
        web._bind(SimpleNamespace(host=host, port=0)) as listening,
        socket.create_connection(listening.getsockname()[:2]),
    ):
        line, _ = listening.accept()
        with line:
            assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_answers_on_a_line_that_stays_open_do_not_wait_for_the_other_ends_ack(
    database: Database, tmp_path
):
    """Headers and body leave in two pieces; the second once waited 40 ms for the first's ACK."""
    async with running(database, tmp_path) as desk:
        http = desk.browser()
        took = []
        for _ in range(20):
            began = perf_counter()
            await http.get("/v1/bootstrap")
            took.append(perf_counter() - began)
        assert min(took[5:]) < 0.03
