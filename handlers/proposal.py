"""A request on its way to become a ticket: shown as it was understood, filed or added to another when the sender agrees."""

from dataclasses import asdict, dataclass, field, replace

from bot.context import Context
from bot.message import Answer, Button, Notice, Reply
from domain.calendar import Duty
from domain.errors import DomainError
from domain.process import Given
from domain.ticket import TicketAction
from domain.triage import Nature, triage
from handlers.ticket_notice import notices_in_duty_hours
from models.enterprise import Enterprise
from models.ticket import Ticket
from services import wording_ask as wording
from services.binding import claimed_by, doer_of, enterprises_of, origin_of
from services.period import workdays
from services.ticket.act import LONGEST_WORDS, act
from services.ticket.asking import MOST_A_MINUTE, alike, filed_lately, going_on
from services.ticket.deed import Deed, Outcome
from services.ticket.filing import Draft, file
from services.ticket.find import find_ticket
from services.ticket.kind import process_of

CONFIRM = "raise_ticket.confirm"
SUBMIT, ALTER, APART = Button("对，提交", "对，提交"), Button("改一下", "改一下"), Button("另提一件", "另提一件")
# A menu of 微信客服 takes ten entries.
MOST_ENTERPRISES = 9


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was understood so far; `same_as` is the number of the ticket it may belong to, `enterprise_id` whose it is."""

    words: str
    summary: str
    category: str
    is_urgent: bool
    others: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    enterprise_id: int | None = None
    same_as: str = ""

    @property
    def understood(self) -> str:
        """用工 · 招普工 30 人 · 不急."""
        return wording.understood(self.category, self.summary, is_urgent=self.is_urgent, media=len(self.media))


def duty_of(context: Context) -> Duty:
    """The county's duty hours."""
    return Duty(workdays=workdays(context.session))


def propose(context: Context, words: str, media: list[str], *, is_new: bool = False) -> Answer:
    """Shows what words were understood as; an emergency is filed at once, after the number to call.

    `is_new` says that it belongs to no other ticket. Refuses more words than a ticket takes, except of an emergency,
    whose first words are enough.
    """
    found = triage(words)
    if found.nature is Nature.EMERGENCY:
        words = words[:LONGEST_WORDS]
    if len(words) > LONGEST_WORDS:
        raise DomainError(f"一次最多 {LONGEST_WORDS} 个字，这段先没记。请说短一点，细节提交以后可以接着补充。")
    others = [one.name for one in found.others]
    proposal = Proposal(words, found.summary, found.category.name, found.is_urgent, others, media)
    if found.nature is Nature.EMERGENCY:
        return [Reply(wording.call_first(found)), *submit(context, _for_first(context, proposal))]
    by = doer_of(context.session, context.sender.guest)
    same = None if is_new else alike(context.session, by, proposal.category, proposal.summary)
    return show(context, replace(proposal, same_as=same.number if same else ""))


def show(context: Context, proposal: Proposal, lead: str = "") -> Reply:
    """The one question: is it so, is it the same as that one, or whose is it."""
    context.question.ask(CONFIRM, asdict(proposal))
    text = f"{lead}我理解的是：{proposal.understood}。"
    if proposal.same_as:
        ticket = _ticket(context, proposal.same_as)
        state = process_of(ticket.kind).states[ticket.state].label
        text += f"您有一件差不多的：{ticket.number}（{ticket.summary}，{state}）。是同一件吗？"
        return Reply(text, (Button(f"是，并到 {ticket.number}", "是"), Button("不是，新提一件", "不是，新提一件")))
    if choices := to_choose(context, proposal):
        names = tuple(Button(one.name, one.name) for one in choices[:MOST_ENTERPRISES])
        return Reply(f"{text}是哪家企业的事？点一下就提交。", (*names, ALTER))
    return Reply(f"{text}对吗？", (SUBMIT, ALTER))


def to_choose(context: Context, proposal: Proposal) -> list[Enterprise]:
    """The enterprises to choose from, while it is open for which of several it is."""
    found = enterprises_of(context.session, context.sender.guest)
    return found if len(found) > 1 and proposal.enterprise_id is None else []


def submit(context: Context, proposal: Proposal) -> list[Reply | Notice]:
    """Files the ticket: the number, the owner and the time for the sender, a card for the owner."""
    session, guest = context.session, context.sender.guest
    by = doer_of(session, guest)
    if filed_lately(session, by, now=context.now) >= MOST_A_MINUTE:
        return [_slow_down(context, proposal)]
    outcome = file(session, _draft(context, proposal), by=by, now=context.now)
    context.question.end()
    return [Reply(_filed(context, outcome)), *notices_in_duty_hours(context, outcome)]


def merge(context: Context, proposal: Proposal) -> list[Reply | Notice]:
    """Adds what was said to the ticket it belongs to."""
    ticket = _ticket(context, proposal.same_as)
    context.question.end()
    return add(context, ticket, proposal.words, proposal.media)


def add(
    context: Context, ticket: Ticket, words: str, media: list[str], buttons: tuple[Button, ...] = ()
) -> list[Reply | Notice]:
    """Adds words and materials to a ticket of the sender; the answer offers the buttons."""
    assert ticket.id is not None
    deed = Deed(TicketAction.ADD, Given(text=words), tuple(media))
    outcome = act(context.session, ticket.id, deed, by=doer_of(context.session, context.sender.guest), now=context.now)
    return [Reply(outcome.reply, buttons), *notices_in_duty_hours(context, outcome)]


def _draft(context: Context, proposal: Proposal) -> Draft:
    session, guest = context.session, context.sender.guest
    bound = enterprises_of(session, guest)
    origin = origin_of(session, guest)
    claimed = claimed_by(session, guest) or origin.enterprise
    enterprise_id = proposal.enterprise_id or (bound[0].id if bound else claimed.id if claimed else None)
    return Draft(
        summary=proposal.summary,
        words=proposal.words,
        category=proposal.category,
        is_urgent=proposal.is_urgent,
        media=tuple(proposal.media),
        enterprise_id=enterprise_id,
        grid_id=origin.grid_id,
        requester_id=guest.id,
        requester_name=guest.name,
        is_unverified=not bound,
    )


def _filed(context: Context, outcome: Outcome) -> str:
    ticket = outcome.ticket
    late = "" if ticket.is_urgent else wording.off_duty(duty_of(context), context.now)
    unbound = wording.BIND_FIRST if ticket.is_unverified else ""
    return "\n".join(filter(None, (outcome.reply, late, unbound)))


def _slow_down(context: Context, proposal: Proposal) -> Reply:
    """Asks to merge what comes so fast; what was understood stays, to be filed a minute later."""
    newest = going_on(context.session, doer_of(context.session, context.sender.guest), now=context.now)
    text = f"一分钟里您已经提了 {MOST_A_MINUTE} 件。是同一件事的话，并到一起办得更快；真是另一件，过一分钟再点提交。"
    number = newest.number if newest else ""
    context.question.ask(CONFIRM, asdict(replace(proposal, same_as=number)))
    return Reply(text, (Button(f"并到 {number}", "是"), Button("不是，新提一件", "不是，新提一件")))


def _for_first(context: Context, proposal: Proposal) -> Proposal:
    """Where every minute counts nobody is asked whose it is."""
    bound = enterprises_of(context.session, context.sender.guest)
    return replace(proposal, enterprise_id=bound[0].id if bound else None)


def _ticket(context: Context, number: str) -> Ticket:
    by = doer_of(context.session, context.sender.guest)
    return find_ticket(context.session, number, by=by, now=context.now)
