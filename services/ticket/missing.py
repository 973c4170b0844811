"""What an action still has to be told, as the question a member of staff is asked, with answers to tap."""

from dataclasses import dataclass

from sqlmodel import Session

from domain.process import Given, Need
from domain.ticket import Proof, TicketAction
from models.person import Person
from models.ticket import Ticket
from services.ticket.kind import process_of
from services.ticket.roster import read_chain

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the answers that are offered: what a button is called and what it says."""

    text: str
    answers: tuple[tuple[str, str], ...] = ()


_ASKED: dict[tuple[str, Need], Question] = {
    (TicketAction.CONTACT, Need.PROOF): Question(
        "怎么联系的，说了什么？一句话，比如“电话 约好明天上门”。", tuple((one, one) for one in Proof)
    ),
    (TicketAction.CONTACT, Need.TEXT): Question("说了什么？一句话，企业也看得到。"),
    (TicketAction.FINISH, Need.TEXT): Question("办了什么？一句话，会原样请企业确认。"),
    (TicketAction.TRANSFER, Need.REASON): Question(
        "转给谁、为什么？比如“联五 场地在他网格”。不写人，就按网格交给下一位。"
    ),
    (TicketAction.RETURN, Need.REASON): Question(
        "为什么退回？一句话。", (("不在本网格", "不在本网格"), ("不归我管", "不归我管"))
    ),
    (TicketAction.ASK_EXTENSION, Need.DAYS): Question(
        "延几个工作日、为什么？比如“3天 等图纸”。", tuple((f"{days}天", f"{days}天") for days in (1, 2, 3, 5))
    ),
    (TicketAction.ASK_EXTENSION, Need.REASON): Question("为什么要延？一句话，网格长看了好定。"),
    (TicketAction.REFUSE_EXTENSION, Need.REASON): Question(
        "为什么不同意？一句话，原样转给承办人。", (("材料已齐", "材料已齐"), ("企业等得急", "企业等得急"))
    ),
    (TicketAction.PAUSE, Need.REASON): Question("在等企业的什么？一句话，企业也看得到。"),
    (TicketAction.ADD, Need.TEXT): Question("要补充什么？一句话，只有自己人看得到。"),
}
_GENERAL = {
    Need.TARGET: Question("交给谁、为什么？比如“联三 场地在他网格”。"),
    Need.REASON: Question("为什么？一句话，原样转过去。"),
    Need.TEXT: Question("想说什么？一句话。"),
}


def question_for(session: Session, ticket: Ticket, action: str, given: Given) -> Question | None:
    """The question for the first thing that is missing; None when nothing is."""
    missing = [need for need in process_of(ticket.kind).actions[action].needs if not given.has(need)]
    if not missing:
        return None
    asked = _ASKED.get((action, missing[0])) or _GENERAL[missing[0]]
    if missing[0] is not Need.TARGET:
        return asked
    people = _people(session, ticket, action)
    return Question(asked.text, tuple((one.name, one.account) for one in people))


def _people(session: Session, ticket: Ticket, action: str) -> list[Person]:
    """Those who stand for the ticket's grid and those above; to decide who does it, its owner is one of them."""
    chain = read_chain(session, ticket.grid_id)
    found = [one for people in chain for one in (people.holder, people.deputy, people.leader) if one is not None]
    if action == TicketAction.ARBITRATE:
        found.insert(0, session.get_one(Person, ticket.owner_id))
    by_id = {one.id: one for one in found if one.id != ticket.owner_id or action == TicketAction.ARBITRATE}
    return list(by_id.values())[:MOST_NAMED]
