"""Roles as the migrations leave them."""

from polyphony.domain.role import BUILT_IN, known


async def test_the_built_in_roles_are_stored_as_they_are_in_the_domain(session):
    found = await session.execute("SELECT key, rights FROM role WHERE built_in")
    stored = {key: sorted(rights) for key, rights in await found.fetchall()}
    assert stored == {one.key: sorted(right.value for right in one.rights) for one in BUILT_IN}
    assert all(len(known(rights)) == len(rights) for rights in stored.values())
