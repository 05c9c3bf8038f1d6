"""Web, worker, router and database die under load: nothing acknowledged is lost or doubled."""

import os
from collections import Counter

import pytest
from tests.journeys.campaign import DESK, ROLES, WORD, Campaign, plan

from polyphony.app.bench.stage import staged
from polyphony.simulator.ends.email import MailEnd
from polyphony.simulator.ledger import Ledger, marks

FULL = os.environ.get("FULL") == "1"
KILLS = 200 if FULL else 20


@pytest.mark.alone
@pytest.mark.timeout(1800 if FULL else 300)
async def test_kills_lose_and_double_nothing_that_was_acknowledged(tmp_path, record_property):
    path = tmp_path / "ledger.jsonl"
    ledger = Ledger(path)
    words = {"mail": {"imap_password": WORD, "smtp_password": WORD}}
    async with MailEnd({DESK: WORD}) as provider:
        ports = {"imap_port": provider.imap_port, "smtp_port": provider.smtp_port}
        async with staged(plan(ports), words) as stage:
            await stage.start(*ROLES)
            campaign = Campaign(stage, provider, ledger, seed=7)
            await campaign.run(KILLS, every_s=1.0)
            await campaign.settle(120)
            chats = await campaign.kept("in", "mark ")
            replies = await campaign.kept("out", "reply ")
            fates = await campaign.fates()
    ledger.close()
    _compare(path, chats, replies)
    _tell(campaign, fates, record_property)
    sent = Counter(
        line.removeprefix("reply ").strip()
        for mail in provider.sent
        for line in mail.body.decode(errors="replace").splitlines()
        if line.startswith("reply ")
    )
    claimed = {key for key, state in fates.items() if state in {"sent", "delivered", "read"}}
    assert claimed <= set(sent), "shown as sent, but the far end never had it"
    assert set(campaign.seen.replies) <= set(fates)
    assert sum(count - 1 for count in sent.values()) <= campaign.kills
    assert campaign.seen.back_s
    assert max(campaign.seen.back_s) <= 10
    assert not [status for status in campaign.seen.refused if status == 500]


def _compare(path, incoming, replies):
    kept = {**incoming, **replies}
    promised = [str(line["mark"]) for line in marks(path)]
    assert len(promised) > 100
    assert [mark for mark in promised if mark not in kept] == [], "acknowledged and lost"
    assert [mark for mark, count in kept.items() if count > 1] == [], "stored twice"


def _tell(campaign, fates, record_property):
    seen = campaign.seen
    text = (
        f"kills {campaign.kills}: chats {len(seen.chats)}, mails {len(seen.mails)}, replies "
        f"{len(seen.replies)}; lost 0, doubled 0; first good answer after the database was back "
        f"≤ {max(seen.back_s, default=0):.2f} s; refused meanwhile {seen.refused}; "
        f"fates {dict(Counter(fates.values()))}"
    )
    record_property("campaign", text)
    print(text)  # noqa: T201 - the figure of the campaign
