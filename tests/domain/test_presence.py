"""Every state x move x actor of a Presence, and the mode per channel a status means."""

from itertools import product

import pytest

from polyphony.domain.errors import Conflict, Forbidden
from polyphony.domain.move import By, Moved
from polyphony.domain.presence import (
    MATRIX,
    Mode,
    PresenceMove,
    Status,
    effective,
    matrix_of,
    mode_of,
    move,
    rights_of,
    system,
)

ON, BUSY, BREAK, WRAP = Status.ONLINE, Status.BUSY, Status.BREAK, Status.WRAP_UP
SILENT, LOST, OFF = Status.NOT_RESPONDING, Status.RECONNECTING, Status.OFFLINE
LIVE = [ON, BUSY, BREAK, WRAP, SILENT, LOST]


def legal():
    table = {(OFF, PresenceMove.COME): (ON, {By.AGENT})}
    for state in (ON, BUSY, BREAK):
        for what, to in (("set_online", ON), ("set_busy", BUSY), ("set_break", BREAK)):
            table[state, PresenceMove(what)] = (to, {By.AGENT, By.SUPERVISOR, By.ADMIN})
    for state in LIVE:
        table[state, PresenceMove.CHANNEL_TOGGLE] = (state, {By.AGENT, By.SUPERVISOR})
        table[state, PresenceMove.LEAVE] = (
            OFF,
            {By.AGENT, By.SUPERVISOR, By.ADMIN, By.PROVIDER},
        )
        if state is not LOST:
            table[state, PresenceMove.LOSE_LINE] = (LOST, {By.SYSTEM})
    table[ON, PresenceMove.WRAP] = (WRAP, {By.SYSTEM})
    table[WRAP, PresenceMove.READY] = (ON, {By.AGENT, By.TIMER, By.SYSTEM})
    table[ON, PresenceMove.NOT_RESPONDING] = (SILENT, {By.SYSTEM})
    table[BUSY, PresenceMove.NOT_RESPONDING] = (SILENT, {By.SYSTEM})
    table[SILENT, PresenceMove.HERE] = (ON, {By.AGENT, By.SUPERVISOR})
    table[LOST, PresenceMove.BACK] = (ON, {By.AGENT})
    table[LOST, PresenceMove.GIVE_UP] = (OFF, {By.TIMER})
    return table


@pytest.mark.parametrize(("state", "what"), list(product(Status, PresenceMove)))
def test_every_state_answers_every_move_of_every_actor(state, what):
    for by in By:
        answer = move(state, what, by)
        if (state, what) not in legal():
            assert isinstance(answer, Conflict)
            continue
        to, who = legal()[state, what]
        if by in who:
            assert isinstance(answer, Moved)
            assert answer.state is to
        else:
            assert isinstance(answer, Forbidden)


def test_coming_back_leads_to_the_status_before():
    assert move(LOST, PresenceMove.BACK, By.AGENT, BUSY).state is BUSY
    assert move(SILENT, PresenceMove.HERE, By.AGENT, BREAK).state is BREAK
    assert move(LOST, PresenceMove.GIVE_UP, By.TIMER, BUSY).state is OFF


def test_every_change_that_may_narrow_withdraws_offers():
    for what in (PresenceMove.SET_BREAK, PresenceMove.LEAVE, PresenceMove.LOSE_LINE):
        answer = move(ON, what, min(legal()[ON, what][1]))
        assert "withdraw_unfit" in answer.effects


def test_the_matrix_is_the_one_of_the_design():
    assert [mode_of(MATRIX[ON], channel) for channel in ("voice", "chat", "email")] == [Mode.ON] * 3
    assert mode_of(MATRIX[BUSY], "voice") is Mode.OFF
    assert mode_of(MATRIX[BUSY], "chat") is mode_of(MATRIX[BUSY], "email") is Mode.FINISH
    assert mode_of(MATRIX[WRAP], "voice") is Mode.OFF
    for status in (BREAK, SILENT, LOST, OFF):
        modes = {mode_of(MATRIX[status], channel) for channel in ("voice", "chat", "email")}
        assert modes == {Mode.OFF}


def test_a_matrix_of_the_house_names_channels_then_classes_and_is_off_for_the_rest():
    training = matrix_of({"chat": "transfer_only", "async": "finish"})
    modes = [mode_of(training, one) for one in ("chat", "sms", "email", "case_step", "voice")]
    assert modes == [Mode.TRANSFER_ONLY, Mode.OFF, Mode.FINISH, Mode.FINISH, Mode.OFF]


def test_a_status_of_the_house_moves_like_busy():
    assert system("training") is BUSY
    assert system("break") is BREAK


def test_a_channel_needs_the_right_the_own_switch_and_no_silence():
    modes = effective(MATRIX[ON], ["chat", "email", "sms"], {"email": False}, ["sms"])
    assert modes == {"chat": Mode.ON, "email": Mode.OFF, "sms": Mode.OFF}


def test_every_agent_takes_steps_and_callbacks_unless_he_switches_them_off():
    modes = effective(MATRIX[ON], rights_of(["email"]), {"callback": False})
    assert modes == {"email": Mode.ON, "case_step": Mode.ON, "callback": Mode.OFF}
