"""Rules are read often and change seldom: the same content is the same object and version."""

from tests.make.department import department

from polyphony.jobs.in_force import InForce


async def test_rules_read_again_are_the_very_same_until_they_say_something_else(database):
    async with database.transaction() as session:
        made = await department(session)
    rules = InForce(database)
    first = await rules.read()
    assert await rules.read() is first
    async with database.transaction() as session:
        await session.execute("UPDATE queue SET weight_milli = 2000 WHERE id = %s", [made.triage])
    other = await rules.read()
    assert (other.version, other.queues[made.triage].weight_milli) == (first.version + 1, 2000)


async def test_the_next_owner_goes_on_with_the_same_version(database):
    async with database.transaction() as session:
        await department(session)
    first = await InForce(database).read()
    again = await InForce(database).read()
    assert again.version == first.version
    assert again is not first
