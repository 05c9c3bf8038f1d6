"""Stories, answers and people of the pretended world are complete."""

import tomllib
from importlib.resources import files

from polyphony.simulator.draws import Draws
from polyphony.simulator.personas import COLLEAGUES, PERSONAS, customer
from polyphony.simulator.stories import LANGUAGES, stories


def test_every_story_is_told_in_four_languages():
    told = stories()
    assert len(told) >= 5
    for story in told:
        assert set(story.told) == set(LANGUAGES)
        for words in story.told.values():
            assert words.subject
            assert len(words.opening) > 40
            assert words.follow_ups
            assert words.thanks


def test_colleagues_know_what_to_answer_in_four_languages():
    words = tomllib.loads((files("polyphony.simulator") / "answers.toml").read_text("utf-8"))
    assert set(words) == set(LANGUAGES)
    assert all(one["bye"] and one["closing"] for one in words.values())
    assert all(len(one["bodies"]) >= 3 and len(one["chat"]) >= 3 for one in words.values())


def test_somebody_speaks_every_language_of_the_customers():
    spoken = {skill for who in COLLEAGUES if who.answers for skill, _ in who.skills}
    assert {f"lang.{persona.language}" for persona in PERSONAS} <= spoken


def test_the_crowd_is_the_same_for_the_same_seed_and_some_come_again():
    crowd = [customer(Draws("a"), n, "x.example") for n in range(600)]
    assert crowd == [customer(Draws("a"), n, "x.example") for n in range(600)]
    assert 150 < len({who.key for who in crowd}) <= 300
    assert all(who.email.isascii() and " " not in who.email for who in crowd)
    assert {who.persona.language for who in crowd} == set(LANGUAGES)
