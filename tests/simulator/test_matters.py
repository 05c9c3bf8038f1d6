"""Stories, answers and people of the pretended world are complete."""

from importlib.resources import files

from polyphony.simulator.draws import Draws
from polyphony.simulator.matters import LANGUAGES, matters
from polyphony.simulator.pages import one
from polyphony.simulator.personas import COLLEAGUES, PERSONAS, customer


def test_every_matter_is_told_in_four_languages():
    told = matters()
    assert len(told) >= 5
    for story in told:
        assert set(story.told) == set(LANGUAGES)
        for words in story.told.values():
            assert words.subject
            assert len(words.opening) > 40
            assert words.follow_ups
            assert words.thanks


def test_colleagues_know_what_to_answer_in_four_languages():
    words = one(files("polyphony.simulator") / "answers.yaml")
    assert set(words) == set(LANGUAGES)
    assert all(said["bye"] and said["closing"] for said in words.values())
    assert all(len(said["bodies"]) >= 3 and len(said["chat"]) >= 3 for said in words.values())


def test_somebody_speaks_every_language_of_the_customers():
    spoken = {skill for who in COLLEAGUES if who.answers for skill, _ in who.skills}
    assert {f"lang.{persona.language}" for persona in PERSONAS} <= spoken


def test_the_crowd_is_the_same_for_the_same_seed_and_some_come_again():
    crowd = [customer(Draws("a"), n, "x.example") for n in range(600)]
    assert crowd == [customer(Draws("a"), n, "x.example") for n in range(600)]
    assert 150 < len({who.key for who in crowd}) <= 300
    assert all(who.email.isascii() and " " not in who.email for who in crowd)
    assert {who.persona.language for who in crowd} == set(LANGUAGES)
