"""Reading by hand what arrived, and looking at what stands in the database then."""

import re
from datetime import datetime

from tests.make.mail import arrive
from tests.make.moment import AT

from polyphony.domain import token
from polyphony.domain.channel import Address, ChannelKind
from polyphony.flows import receive


async def read(session, around, account_id, *said, when=AT):
    raws = await arrive(session, account_id, *said)
    batch = [(one, (what,)) for one, what in zip(raws, said, strict=True)]
    batch = await receive.store_files(batch, around.files)
    return await receive.read(session, batch, when, around)


async def rows(session, query, *values):
    found = await session.execute(query, values or None)
    return await found.fetchall()


async def one(session, query, *values):
    found = await rows(session, query, *values)
    assert len(found) == 1, found
    return found[0][0] if len(found[0]) == 1 else found[0]


def signed(around, case_id, address, deployment=None):
    who = Address(ChannelKind.EMAIL, address)
    text = token.claim(deployment or around.keys.deployment, case_id, who)
    return token.write(case_id, around.keys.mac(token.PURPOSE, text))


def moments(value):
    """The same JSON with its moments as moments: the two writers differ in trailing zeros."""
    if isinstance(value, dict):
        return {key: moments(one) for key, one in value.items()}
    if isinstance(value, list):
        return [moments(one) for one in value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*", value):
        return datetime.fromisoformat(value)
    return value
