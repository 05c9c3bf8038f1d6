"""`polyphony replay`: proves a journal, lists what was decided about an item, stops at a lie."""

import asyncio
import json
import os
import sys

import psycopg
from tests.flows.test_replay import journaled

__all__ = ["journaled"]


async def run(url, home, *options):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "polyphony", "replay", *options),
        env={**os.environ, "POLYPHONY_HOME": str(home), "POLYPHONY_DATABASE_URL": url,
             "POLYPHONY_MIGRATE": "0"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    return process.returncode, [json.loads(line) for line in out.decode().splitlines()]


async def test_a_journal_is_proved_listed_and_found_out(journaled, server, database_name, tmp_path):
    url = server.url(database_name, "owner")
    code, told = await run(url, tmp_path, "--verify", "--json")
    assert code == 0
    assert (told[0]["equal"], told[0]["steps"]) == (True, len(journaled[1]))
    with psycopg.connect(url) as owner:
        item = owner.execute("SELECT work_item_id FROM offer ORDER BY made_at LIMIT 1").fetchone()[
            0
        ]
    code, told = await run(url, tmp_path, "--item", str(item), "--json")
    assert code == 0
    kinds = [next(iter(one[side] for side in ("in", "out") if side in one))["kind"] for one in told]
    assert kinds[0] == "item_facts", "what came in about it stands before what followed"
    assert "offer" in kinds
    assert {"why"} < set(told[kinds.index("offer")])
    with psycopg.connect(url) as owner:
        owner.execute("UPDATE routing_cycle SET digest = 'lie'")
    code, told = await run(url, tmp_path, "--verify", "--json")
    assert (code, told[0]["equal"], told[0]["what"]) == (4, False, "digest")
