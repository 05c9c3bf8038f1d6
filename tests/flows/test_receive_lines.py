"""Lines drawn from memory: each screen is told what the store would show of them."""

from datetime import timedelta

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.mail import arrive, inbound
from tests.make.moment import AT, new_id
from tests.make.outside import outside
from tests.make.reading import moments

from polyphony.domain.channel import ChannelKind
from polyphony.domain.message import Part, What
from polyphony.flows import receive
from polyphony.store import offers, projections, work
from polyphony.store.offers import NewOffer, Stamp


async def shown(session, entity, id_):
    query = "SELECT p.data, p.aud, p.case_id, p.customer_id, p.version FROM ("
    wanted = projections.BY_ENTITY[entity].replace("%(ids)s", f"'{{{id_}}}'").replace("%%", "%")
    return await (await session.execute(query + wanted + ") p")).fetchone()


@pytest.mark.parametrize("visibility", ["open", "sealed"])
async def test_a_chat_that_goes_on_is_told_as_the_store_shows_it(session, tmp_path, visibility):
    around = outside(tmp_path)
    desk = await department(session, visibility=visibility)
    widget = await account(session, desk.id, kind="chat", address="pk_1")
    held, waits = [
        await customer(session, name, kind="chat", scope=str(widget)) for name in ("v1", "v2")
    ]
    who = await agent(session, desk.id)
    await case(session, desk, widget, held, channel="chat", agent=who)
    await case(session, desk, widget, waits, channel="chat", queue=desk.triage)
    part = Part("image/png", "účet.png", b"\x89PNG")
    said = [
        inbound(name, text, kind=ChannelKind.CHAT, scope=str(widget), level=0, **more)
        for name, text, more in (
            ("v1", "a\nb \\ \"c\" 'ž'", {"cid": new_id()}),
            ("v1", "", {"parts": (part,), "key": f"{widget}:own-key"}),
            ("v2", "Still there?", {"message_id": f"{widget}:given"}),
            ("v3", "Hello", {"cid": new_id()}),
            ("v2", "", {"what": What.LEAVE}),
        )
    ]
    raws = await arrive(session, widget, *said)
    batch = [(one, (what,)) for one, what in zip(raws, said, strict=True)]
    await receive.read(session, await receive.store_files(batch, around.files), AT, around)

    found = await session.execute(
        "SELECT entity, entity_id, payload, aud, case_id, customer_id, version FROM event"
        " WHERE entity IN ('message', 'chat_message') ORDER BY id"
    )
    told = await found.fetchall()
    assert sorted(entity for entity, *_ in told) == ["chat_message"] * 4 + ["message"] * 5
    for entity, id_, payload, *rest in told:
        data, *fresh = await shown(session, entity, id_)
        assert moments(payload) == moments(data), entity
        assert rest == fresh, entity


async def test_whom_an_offer_let_see_a_chat_loses_it_when_the_visitor_leaves(session, tmp_path):
    desk, elsewhere = await department(session), await department(session, "Elsewhere")
    widget = await account(session, desk.id, kind="chat", address="pk_1")
    who = await customer(session, "v1", kind="chat", scope=str(widget))
    petr = await agent(session, elsewhere.id, name="Petr")
    waits = await case(session, desk, widget, who, channel="chat", queue=desk.triage)
    version = (await work.facts(session, [waits.work_item]))[0].version
    until = AT + timedelta(seconds=30)
    offer = NewOffer(new_id(), waits.work_item, petr, version, 1, until, {})
    assert await offers.make(session, [offer], Stamp(None, 0, AT)) == {waits.work_item}
    left = inbound("v1", "", kind=ChannelKind.CHAT, scope=str(widget), what=What.LEAVE)
    (raw,) = await arrive(session, widget, left)
    await receive.read(session, [(raw, (left,))], AT, outside(tmp_path))

    tag = [f"person:{petr}"]
    found = await session.execute(
        "SELECT entity, entity_id FROM event WHERE aud_was @> %s AND NOT aud @> %s", [tag, tag]
    )
    assert set(await found.fetchall()) == {("case", waits.id), ("work_item", waits.work_item)}
