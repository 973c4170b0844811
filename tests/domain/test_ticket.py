"""The process of a request: every cell of its table."""

from dataclasses import replace
from itertools import product

import pytest

from domain.errors import DomainError
from domain.process import (
    Action,
    Actor,
    Given,
    Need,
    Process,
    Rule,
    State,
    Transition,
    allowed,
    as_markdown,
    buttons,
    help_lines,
    move,
)
from domain.ticket import TICKET, Proof, Rating, TicketAction, TicketState, check_rating, read_proof

S, A = TicketState, TicketAction
EVERYTHING = Given(reason="在等图纸", text="已通电", proof="电话", days=3, target="lian3", rating="满意")
OWNER, REQUESTER = frozenset({Actor.OWNER}), frozenset({Actor.REQUESTER})
CELLS = list(product(TicketState, TicketAction, Actor))

# Written out once more, by hand, so that a slip in the table shows: state, who, what they may do.
MAY = """
unaccepted       owner         accept return transfer add
unaccepted       assistant     add
unaccepted       grid_leader   reassign urge add
unaccepted       duty_leader   reassign urge add
unaccepted       requester     urge add withdraw
in_hand          owner         contact finish transfer ask_extension pause add
in_hand          assistant     contact add
in_hand          grid_leader   reassign urge add
in_hand          duty_leader   reassign urge add
in_hand          requester     confirm urge add withdraw
extension_asked  owner         contact finish transfer add
extension_asked  assistant     contact add
extension_asked  grid_leader   grant_extension refuse_extension reassign urge add
extension_asked  duty_leader   grant_extension refuse_extension reassign urge add
extension_asked  requester     confirm urge add withdraw
paused           owner         contact finish resume add
paused           assistant     contact add
paused           grid_leader   reassign urge add
paused           duty_leader   reassign urge add
paused           requester     confirm urge add withdraw
paused           system        resume hand_over
arbitration      owner         add
arbitration      assistant     add
arbitration      grid_leader   arbitrate urge add
arbitration      duty_leader   arbitrate urge add
arbitration      requester     urge add withdraw
to_confirm       owner         add
to_confirm       assistant     add
to_confirm       grid_leader   add
to_confirm       duty_leader   add
to_confirm       requester     confirm deny add withdraw
to_confirm       colleague     add
to_confirm       system        hand_over lapse
unaccepted       colleague     urge add
unaccepted       system        hand_over
in_hand          colleague     urge add
in_hand          system        hand_over
extension_asked  colleague     urge add
extension_asked  system        hand_over
arbitration      colleague     urge add
arbitration      system        hand_over
paused           colleague     urge add
solved           requester     deny rate
lapsed           requester     confirm deny rate
"""
PERMITTED = {
    (S(state), A(action), Actor(actor))
    for state, actor, *actions in (line.split() for line in MAY.strip().split("\n"))
    for action in actions
}
LEADS_TO = {
    A.ACCEPT: S.IN_HAND,
    A.TRANSFER: S.UNACCEPTED,
    A.RETURN: S.UNACCEPTED,
    A.FINISH: S.TO_CONFIRM,
    A.ASK_EXTENSION: S.EXTENSION_ASKED,
    A.GRANT_EXTENSION: S.IN_HAND,
    A.REFUSE_EXTENSION: S.IN_HAND,
    A.PAUSE: S.PAUSED,
    A.RESUME: S.IN_HAND,
    A.ARBITRATE: S.UNACCEPTED,
    A.REASSIGN: S.UNACCEPTED,
    A.CONFIRM: S.SOLVED,
    A.DENY: S.IN_HAND,
    A.LAPSE: S.LAPSED,
    A.WITHDRAW: S.WITHDRAWN,
}


@pytest.mark.parametrize(("state", "action", "actor"), CELLS)
def test_every_cell(state: TicketState, action: TicketAction, actor: Actor) -> None:
    if (state, action, actor) in PERMITTED:
        transition = move(TICKET, state, action, {actor}, EVERYTHING)
        assert (transition.before, transition.after) == (state, LEADS_TO.get(action, state))
        assert action in allowed(TICKET, state, {actor})
    else:
        assert action not in allowed(TICKET, state, {actor})
        with pytest.raises(DomainError):
            move(TICKET, state, action, {actor}, EVERYTHING)


@pytest.mark.parametrize(
    ("action", "state", "lacking", "missing"),
    [
        (A.TRANSFER, S.UNACCEPTED, replace(EVERYTHING, reason="  "), "原因"),
        (A.RETURN, S.UNACCEPTED, replace(EVERYTHING, reason=""), "原因"),
        (A.PAUSE, S.IN_HAND, replace(EVERYTHING, reason=""), "原因"),
        (A.CONTACT, S.IN_HAND, replace(EVERYTHING, proof=""), "凭据（电话、上门或消息）"),
        (A.FINISH, S.IN_HAND, replace(EVERYTHING, text=""), "说明"),
        (A.ASK_EXTENSION, S.IN_HAND, replace(EVERYTHING, days=None), "天数"),
        (A.ASK_EXTENSION, S.IN_HAND, replace(EVERYTHING, days=0), "天数"),
        (A.ASK_EXTENSION, S.IN_HAND, Given(), "天数、原因"),
    ],
)
def test_what_is_lacking_is_named_with_an_example(
    action: TicketAction, state: TicketState, lacking: Given, missing: str
) -> None:
    with pytest.raises(DomainError) as refused:
        move(TICKET, state, action, OWNER, lacking)

    word = TICKET.actions[action].word
    assert str(refused.value).startswith(f"{word}还差{missing}。可以写：{word} 7 ")


def test_arbitration_names_the_new_owner() -> None:
    with pytest.raises(DomainError, match="交给谁"):
        move(TICKET, S.ARBITRATION, A.ARBITRATE, {Actor.GRID_LEADER}, replace(EVERYTHING, target=""))


@pytest.mark.parametrize(("times", "after"), [(0, S.UNACCEPTED), (1, S.ARBITRATION), (2, S.ARBITRATION)])
def test_the_second_return_goes_to_arbitration(times: int, after: TicketState) -> None:
    assert move(TICKET, S.UNACCEPTED, A.RETURN, OWNER, replace(EVERYTHING, times=times)).after == after


def test_a_move_says_whether_it_opens_or_closes() -> None:
    closing = move(TICKET, S.TO_CONFIRM, A.CONFIRM, REQUESTER, Given())
    reopening = move(TICKET, S.SOLVED, A.DENY, REQUESTER, Given(days_since=7))
    note = move(TICKET, S.IN_HAND, A.ADD, REQUESTER, Given(text="有照片"))

    assert closing == Transition(A.CONFIRM, S.TO_CONFIRM, S.SOLVED, is_closed=True, is_reopened=False)
    assert reopening == Transition(A.DENY, S.SOLVED, S.IN_HAND, is_closed=False, is_reopened=True)
    assert not note.is_change
    assert closing.is_change


@pytest.mark.parametrize(
    ("state", "action"), [(S.SOLVED, A.RATE), (S.LAPSED, A.RATE), (S.SOLVED, A.DENY), (S.LAPSED, A.DENY)]
)
def test_after_seven_days_it_is_too_late(state: TicketState, action: TicketAction) -> None:
    in_time, late = replace(EVERYTHING, days_since=7), replace(EVERYTHING, days_since=8)

    assert move(TICKET, state, action, REQUESTER, in_time).before == state
    with pytest.raises(DomainError, match="已经过了 7 天"):
        move(TICKET, state, action, REQUESTER, late)


def test_who_is_asked_to_confirm_may_say_no_after_a_long_festival() -> None:
    assert move(TICKET, S.TO_CONFIRM, A.DENY, REQUESTER, Given(days_since=12)).after == S.IN_HAND


@pytest.mark.parametrize(
    ("state", "action", "actor", "message"),
    [
        (S.UNACCEPTED, A.FINISH, Actor.OWNER, "这件现在是“待接单”，不能办结。现在可以：接单、转办、退回、补充。"),
        (S.IN_HAND, A.FINISH, Actor.ASSISTANT, "办结由承办人来办。现在可以：首联、补充。"),
        (S.WITHDRAWN, A.ACCEPT, Actor.OWNER, "这件现在是“已撤销”，不能接单。这一步不用做什么。"),
    ],
)
def test_a_refusal_says_what_can_be_done(state: TicketState, action: TicketAction, actor: Actor, message: str) -> None:
    with pytest.raises(DomainError) as refused:
        move(TICKET, state, action, {actor}, EVERYTHING)

    assert str(refused.value) == message


def test_one_person_in_two_capacities_may_do_both() -> None:
    both = {Actor.OWNER, Actor.GRID_LEADER}

    assert {A.ACCEPT, A.REASSIGN} <= set(allowed(TICKET, S.UNACCEPTED, both))


def test_the_card_of_a_new_request_has_three_buttons() -> None:
    assert buttons(TICKET, S.UNACCEPTED, OWNER) == [A.ACCEPT, A.TRANSFER, A.RETURN]
    assert buttons(TICKET, S.TO_CONFIRM, REQUESTER) == [A.CONFIRM, A.DENY]


def test_help_names_what_one_can_say() -> None:
    lines = help_lines(TICKET, REQUESTER)

    assert lines[0] == "已解决：事情办好了"
    assert not any(line.startswith(("接单", "：")) for line in lines)


def test_the_handbook_has_a_line_for_every_filled_cell() -> None:
    table = as_markdown(TICKET)

    assert len(table.splitlines()) == 2 + len({cell[:2] for cell in PERMITTED})
    assert "| 待接单 | 退回 | 待接单；第 2 次起 仲裁中 | 承办人 | 原因 |" in table
    assert "| 已办结 | 评价 | 已办结 | 提出人 | 评价（7 天内） |" in table


def test_only_a_paused_request_stops_the_clock_and_only_open_ones_wait() -> None:
    assert [code for code, state in TICKET.states.items() if state.is_paused] == [S.PAUSED]
    assert {code for code, state in TICKET.states.items() if not state.is_open} == {S.SOLVED, S.LAPSED, S.WITHDRAWN}


@pytest.mark.parametrize("need", Need)
def test_every_need_has_a_word_and_is_met_by_everything(need: Need) -> None:
    assert need.label
    assert EVERYTHING.has(need)
    assert not Given().has(need)


OPEN, DONE = State("办", Actor.OWNER), State("完")
DO, UNDO = Action("做", "做完"), Action("重做", "再来")
ENDS = Rule(("open",), "do", "done", OWNER)


@pytest.mark.parametrize(
    ("states", "actions", "rules", "complaint"),
    [
        ({"open": OPEN, "done": DONE}, {"do": DO}, (ENDS, ENDS), "doubled"),
        ({"open": OPEN}, {"do": DO}, (ENDS,), "unknown {'done'}"),
        ({"open": OPEN, "done": DONE}, {}, (ENDS,), "unknown {'do'}"),
        ({"open": OPEN, "done": DONE}, {"do": DO, "undo": UNDO}, (ENDS,), "unused {'undo'}"),
        ({"open": OPEN, "done": DONE, "far": DONE}, {"do": DO}, (ENDS,), "no way leads to {'far'}"),
        ({"open": OPEN, "done": OPEN}, {"do": DO}, (ENDS,), "no way leads from open"),
    ],
)
def test_a_table_with_a_gap_is_refused(
    states: dict[str, State], actions: dict[str, Action], rules: tuple[Rule, ...], complaint: str
) -> None:
    with pytest.raises(ValueError, match="试") as refused:
        Process("试", "open", states, actions, rules)

    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("said", "reason", "rating"),
    [(" 满意 ", "", Rating.SATISFIED), ("基本满意", "", Rating.FAIR), ("不满意", "没人接电话", Rating.DISSATISFIED)],
)
def test_ratings(said: str, reason: str, rating: Rating) -> None:
    assert check_rating(said, reason) is rating


@pytest.mark.parametrize(("said", "reason", "answer"), [("还行", "", "请回"), ("不满意", " ", "哪里没办好")])
def test_a_rating_is_one_of_three_and_the_last_has_a_reason(said: str, reason: str, answer: str) -> None:
    with pytest.raises(DomainError, match=answer):
        check_rating(said, reason)


@pytest.mark.parametrize(
    ("said", "proof"),
    [
        ("打了电话，约明天上门", Proof.CALL),
        ("到厂里看过", Proof.VISIT),
        ("微信上说了", Proof.MESSAGE),
        ("联系过了", None),
    ],
)
def test_how_contact_was_made_is_read_from_the_first_word_that_tells(said: str, proof: Proof | None) -> None:
    assert read_proof(said) is proof
