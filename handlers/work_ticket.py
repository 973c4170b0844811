"""接单, 首联, 办结, 转办 …: whatever the process of tickets knows, in a word or by a button, asking for what is left out."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Notice, Reply
from bot.registry import command, step
from domain.errors import DomainError
from domain.process import Actor, Given, Need, allowed
from domain.ticket import TicketAction
from domain.ticket_number import read_number, take_number
from domain.ticket_words import is_amount, read_given
from handlers.report import DOUBT, take_report
from handlers.ticket_notice import buttons_of, notices_of
from models.ticket import Ticket
from services.team import unit_name
from services.ticket.act import act
from services.ticket.deed import Deed, Doer
from services.ticket.find import deals_with_tickets, find_ticket, tickets_to_act_on
from services.ticket.kind import ACTIONS, KINDS, process_of
from services.ticket.missing import Question, question_for
from services.ticket.person import Target, read_target
from services.ticket.responsible import capacities
from services.ticket.telling import title_of
from services.wording_ticket import CALL_THEM, said_to_requester

GIVE = "work_ticket.give"
NAMING = (TicketAction.TRANSFER, TicketAction.ARBITRATE, TicketAction.REASSIGN)
CANCEL = Button("先不办", "取消")
REPLY = "回复"
MOST_SHOWN = 5
# 退回 is also said of objectives: handlers/decide_objective.py has it, and asks here.
ELSEWHERE = (TicketAction.RETURN,)
STAFF = {Actor.OWNER, Actor.ASSISTANT, Actor.GRID_LEADER, Actor.DUTY_LEADER}
ALIASES: dict[str, tuple[str, ...]] = {
    TicketAction.CONTACT: ("首次联系",),
    TicketAction.FINISH: ("办完",),
    TicketAction.TRANSFER: ("转派",),
    TicketAction.ASK_EXTENSION: ("申请延期",),
    TicketAction.GRANT_EXTENSION: ("同意 延期",),
    TicketAction.REFUSE_EXTENSION: ("不同意 延期",),
    TicketAction.PAUSE: ("暂停",),
    TicketAction.RESUME: ("继续办",),
}


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody is about to do to which ticket, whether only staff may read the words, and the files that came."""

    context: Context
    ticket: Ticket
    action: str
    is_internal: bool = False
    media: tuple[str, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether the sender may do it in the ticket's state."""
        context, ticket = self.context, self.ticket
        actors = capacities(context.session, ticket, _me(context), now=context.now)
        return self.action in allowed(process_of(ticket.kind), ticket.state, actors)


def work_on(context: Context, action: str, argument: str, *, is_internal: bool = False) -> Answer:
    """Does it to the ticket whose number the words begin with, or to the only one it can be done to.

    Words without a number (but for 延期 3天), amounts of somebody who reports (办结 12 件) and a word alone that answers which key result
    is meant are no command.
    """
    number, words = take_number(argument)
    if not number:
        if (argument and not _is_days(action, argument)) or context.question.step == DOUBT:
            raise NotUnderstood
        return _whichever(context, action, words, is_internal=is_internal)
    if not context.message.pressed and is_amount(words):
        with suppress(NotUnderstood):
            return take_report(context, context.message.text)
    try:
        ticket = find_ticket(context.session, number, by=_me(context), now=context.now)
    except DomainError:
        if context.message.pressed:
            raise
        with suppress(NotUnderstood):
            return take_report(context, context.message.text)
        raise
    return _go_on(Work(context, ticket, action, is_internal), words, Given())


def return_ticket(context: Context) -> Answer:
    """Gives back the ticket that 退回 names; None where it is about something else, such as an objective."""
    if not context.argument:
        mine = tickets_to_act_on(context.session, context.sender.person, TicketAction.RETURN, now=context.now)
        return _whichever(context, TicketAction.RETURN) if mine else None
    number, words = take_number(context.argument)
    if not number:
        return None
    try:
        ticket = find_ticket(context.session, number, by=_me(context), now=context.now)
    except DomainError:
        if read_number(number) is not None:
            raise
        return None
    return _go_on(Work(context, ticket, TicketAction.RETURN), words, Given())


@step(GIVE)
def take_words(context: Context) -> Answer:
    """Takes what was asked for; when somebody else has acted meanwhile, says so and stops asking."""
    data, me = context.question.data, _me(context)
    context.question.end()
    try:
        ticket = find_ticket(context.session, data["number"], by=me, now=context.now)
    except DomainError as gone:
        return str(gone)
    work = Work(context, ticket, data["action"], data["is_internal"], tuple(data["media"]))
    try:
        return _go_on(work, context.message.text, Given(**data["given"]))
    except DomainError as refusal:
        if work.is_possible:
            raise
        return str(refusal)


def add_material(context: Context, ticket: Ticket, material: tuple[str, ...]) -> Reply:
    """Puts files into a ticket for staff to see, and goes on taking more."""
    assert ticket.id is not None
    deed = Deed(TicketAction.ADD, media=material, is_internal=True)
    act(context.session, ticket.id, deed, by=_me(context), now=context.now)
    _ask(Work(context, ticket, TicketAction.ADD, is_internal=True), Given(), Question(""))
    return Reply(
        f"放进 {ticket.number} 里了，自己人看得到。还有就接着发，要说明就直接说一句。", (Button("好了", "取消"),)
    )


@command(
    REPLY,
    help="说给提出人听的一句话",
    aliases=("回复企业",),
    takes="号 一句话",
    example="回复 7 师傅下午到",
    topic="工单",
)
def reply(context: Context) -> Answer:
    """Says something to whoever raised the ticket."""
    return work_on(context, TicketAction.ADD, context.argument, is_internal=False)


def _register() -> None:
    """A command for every action of any kind that staff can take, so that none is forgotten."""
    rules = [rule for kind in KINDS.values() for rule in kind.process.rules]
    for code, action in ACTIONS.items():
        who = frozenset[Actor]().union(*(rule.who for rule in rules if rule.action == code))
        if not who & STAFF or code in ELSEWHERE:
            continue
        takes = "、".join(["号", *(need.label for need in action.needs)])
        aliases = ALIASES.get(code, ())
        words = command(
            action.word, help=action.effect, aliases=aliases, takes=takes, example=action.usage, topic="工单"
        )
        words(_worker(code))


def _worker(action: str) -> Callable[[Context], Answer]:
    def work(context: Context) -> Answer:
        return work_on(context, action, context.argument, is_internal=action == TicketAction.ADD)

    return work


_register()


def _go_on(work: Work, words: str, given: Given) -> Answer:
    """Acts, or asks for the first thing that is missing; a refusal comes before a question."""
    context, ticket = work.context, work.ticket
    if work.is_possible:
        needs = process_of(ticket.kind).actions[work.action].needs
        if work.action in NAMING and words and not given.target:
            target = read_target(context.session, words, is_needed=Need.TARGET in needs, now=context.now)
            if target.said and len(target.people) != 1:
                return _ask(work, replace(given, reason=target.rest), _which(target, work, words))
            words = target.rest
            given = replace(given, target=target.people[0].account) if target.people else given
        given = read_given(needs, words, given)
        question = question_for(context.session, ticket, work.action, given)
        if question is not None:
            return _ask(work, given, question)
    return _act(work, given)


def _act(work: Work, given: Given) -> list[Reply | Notice]:
    context, ticket = work.context, work.ticket
    assert ticket.id is not None
    deed = Deed(work.action, given, work.media, work.is_internal)
    outcome = act(context.session, ticket.id, deed, by=_me(context), now=context.now)
    is_said = work.action == TicketAction.ADD and not work.is_internal
    said = said_to_requester(ticket.number, is_reached=ticket.requester_id is not None) if is_said else outcome.reply
    if not is_said and any(one.role is Actor.REQUESTER and one.requester_id is None for one in outcome.tellings):
        said = f"{said}\n{CALL_THEM}"
    buttons = buttons_of(context.session, ticket, context.sender.person, now=context.now)
    return [Reply(said, buttons), *notices_of(context.session, outcome.tellings)]


def _ask(work: Work, given: Given, question: Question) -> Reply:
    data = {
        "number": work.ticket.number,
        "action": work.action,
        "given": asdict(given),
        "is_internal": work.is_internal,
        "media": list(work.media),
    }
    work.context.question.ask(GIVE, data)
    is_reply = work.action == TicketAction.ADD and not work.is_internal
    word = REPLY if is_reply else process_of(work.ticket.kind).actions[work.action].word
    buttons = (*(Button(label, says) for label, says in question.answers), CANCEL)
    return Reply(f"{word} {title_of(work.context.session, work.ticket)}\n{question.text}", buttons)


def _which(target: Target, work: Work, words: str) -> Question:
    """Which of several of one name, or the nearest to a name that nobody has."""
    session = work.context.session
    if target.people:
        answers = [(f"{one.name} {unit_name(session, one)}"[:10], one.account) for one in target.people]
        lines = (f"{one.name}（{unit_name(session, one)}，{one.account}）" for one in target.people)
        return Question("\n".join([f"叫{target.said}的有 {len(target.people)} 位，是哪一位？", *lines]), tuple(answers))
    answers = [(one.name, one.account) for one in target.near]
    if work.action == TicketAction.TRANSFER:
        answers.append(("不是人名", f"原因 {words}"))
    if target.unit and not target.near:
        return Question(f"{target.unit}还没有人。请写另一个人的姓名或企业微信账号。", tuple(answers))
    if target.unit:
        return Question(f"{target.unit}没有设负责人，交给谁？", tuple(answers))
    if not target.near:
        return Question(f"没找到“{target.said[:20]}”这个人。请写姓名或企业微信账号。", tuple(answers))
    names = "还是".join(f" {one.name} " for one in target.near)
    return Question(f"没找到“{target.said[:20]}”，是{names}吗？", tuple(answers))


def _is_days(action: str, words: str) -> bool:
    """Whether words without a number say for how many days, as in 延期 3天: the ticket may be the only one."""
    needs = ACTIONS[action].needs
    return Need.DAYS in needs and read_given(needs, words, Given()).has(Need.DAYS)


def _whichever(context: Context, action: str, words: str = "", *, is_internal: bool = False) -> Answer:
    """The only ticket it can be done to, or those to choose from; the words go with it."""
    person = context.sender.person
    is_reply = action == TicketAction.ADD and not is_internal
    word = REPLY if is_reply else ACTIONS[action].word
    found = tickets_to_act_on(context.session, person, action, now=context.now)
    if len(found) == 1:
        return _go_on(Work(context, found[0], action, is_internal), words, Given())
    if found:
        lines = [title_of(context.session, one) for one in found[:MOST_SHOWN]]
        more = f"，先看 {MOST_SHOWN} 件" if len(found) > MOST_SHOWN else ""
        buttons = (
            Button(f"{word} {one.on:%m%d}-{one.serial}", f"{word} {one.number} {words}".strip())
            for one in found[:MOST_SHOWN]
        )
        return Reply("\n".join([f"能{word}的有 {len(found)} 件{more}。是哪一件？", *lines]), tuple(buttons))
    if not deals_with_tickets(context.session, person, now=context.now):
        raise NotUnderstood
    return f"现在没有能{word}的工单。看手里的说“我的工单”。"


def _me(context: Context) -> Doer:
    return Doer(person=context.sender.person)
