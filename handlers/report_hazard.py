"""上报: a resident says what they see and where, with pictures; it reaches the grid worker, or joins what neighbours reported."""

from dataclasses import asdict, dataclass, field, replace

from bot.context import Context, NotUnderstood
from bot.message import Answer, Audience, Button, Notice, Reply
from bot.registry import command, message, step
from domain.calendar import Duty
from domain.process import Given
from domain.report_case import is_danger
from domain.text import fold
from domain.ticket import TicketAction
from domain.triage import Nature, emergency_numbers, triage
from handlers.follow_ticket import show_progress
from handlers.ticket_notice import notices_in_duty_hours
from models.person import Person
from models.ticket import Ticket
from services import wording_resident as wording
from services.period import workdays
from services.resident_report import (
    Hazard,
    doer_for,
    file_report,
    grid_meant,
    grid_named,
    hide_name,
    join,
    reporters,
    same_nearby,
)
from services.ticket.act import act
from services.ticket.asking import MOST_A_MINUTE, filed_just_now, filed_lately
from services.ticket.deed import Deed
from services.ticket.find import find_ticket
from services.wording_ask import off_duty

WORDS, PLACE, SAME, OFFER = (f"report_hazard.{name}" for name in ("words", "place", "same", "offer"))
YES, NO = "是", "不是"
MORE = Button("是刚才那件的", "是刚才那件的")
FILE_IT, NOT_THIS = Button("报上去", "报上去"), Button("不报", "不报")
_YES = {YES, "是同一处", "是的", "对", "对的", "嗯", "好", "好的", "同一处", "一样"}
_FILE = {"报上去", "报", "要", *_YES}
_NO = {NO, "不", "不是同一处", "另报一件", "不一样", "不对"}
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Said:
    """What was said so far, as an open question keeps it."""

    words: str = ""
    media: list[str] = field(default_factory=list)
    grid_id: int | None = None

    @property
    def hazard(self) -> Hazard:
        """As services take it."""
        return Hazard(self.words, tuple(self.media), self.grid_id)


@command(
    "上报",
    help="看到的隐患、难事，报给网格员",
    aliases=("随手拍", "我要上报"),
    audience=Audience.RESIDENT,
    example="上报 3幢楼道口电线掉了",
    takes="什么事、在哪里",
)
def report_hazard(context: Context) -> Answer:
    """Files it, or asks for what is missing: the words, then the place."""
    media = said_so_far(context).media
    if not context.argument:
        context.question.ask(WORDS, asdict(Said(media=media)))
        return wording.WHAT_HAPPENED
    return _take(context, Said(context.argument, media))


@message("text", audience=Audience.RESIDENT)
def hear(context: Context) -> Answer:
    """Any words: what is dangerous is filed at once, another matter is offered to be, a question of progress answered."""
    text = context.message.text
    found = triage(text)
    if found.nature is Nature.PROGRESS:
        return show_progress(context)
    if found.nature is Nature.ABUSE:
        return wording.POLITELY
    if found.nature is Nature.GREETING:
        return f"在的。{wording.WHAT_HAPPENED}"
    if is_danger(text) or found.nature is Nature.EMERGENCY:
        return _take(context, Said(text))
    if found.nature is Nature.EMPTY:
        raise NotUnderstood
    context.question.ask(OFFER, asdict(Said(text)))
    is_more = filed_just_now(context.session, doer_for(context.sender.guest), now=context.now) is not None
    buttons = (FILE_IT, MORE, NOT_THIS) if is_more else (FILE_IT, NOT_THIS)
    return Reply(wording.file_this(text[:LONGEST_SHOWN]), buttons)


@step(WORDS)
def take_words(context: Context) -> Answer:
    """The matter that belongs to the pictures that came first."""
    said, found = said_so_far(context), triage(context.message.text)
    if found.nature in (Nature.GREETING, Nature.EMPTY, Nature.ABUSE) and not is_danger(context.message.text):
        return wording.WHAT_HAPPENED
    return _take(context, replace(said, words=_together(context.message.text, said.words)))


@step(PLACE)
def take_place(context: Context) -> Answer:
    """The place; one that we do not know goes to whoever leads on that day."""
    said, place = said_so_far(context), context.message.text
    grid_id = grid_named(context.session, place)
    return _go_on(context, replace(said, words=_together(place, said.words), grid_id=grid_id))


@step(SAME)
def take_same(context: Context) -> Answer:
    """Joins the neighbours, or files another one."""
    said, answer = said_so_far(context), fold(context.message.text)
    if answer in _NO:
        return _submit(context, said)
    if answer not in _YES:
        return _go_on(context, said)
    same = same_nearby(context.session, said.hazard, now=context.now)
    if same is None:
        return _submit(context, said)
    context.question.end()
    outcome = join(context.session, same, said.hazard, by=context.sender.guest, now=context.now)
    return [Reply(outcome.reply), *notices_in_duty_hours(context, outcome)]


@step(OFFER)
def take_offer(context: Context) -> Answer:
    """报上去 files; 不报 lets go; other words are read afresh."""
    said, answer = said_so_far(context), fold(context.message.text)
    context.question.end()
    newest = filed_just_now(context.session, doer_for(context.sender.guest), now=context.now)
    if answer == MORE.says and newest is not None:
        return add_to(context, newest, said.words)
    if answer in _FILE:
        return _take(context, said)
    if answer in ("不报", "不", "不是", "不用", "不用了"):
        return "好，没有报。有事随时说一句。"
    return hear(context)


@command("不留名", help="报的事不写您的名字", aliases=("匿名",), audience=Audience.RESIDENT, takes="编号")
def stay_nameless(context: Context) -> Answer:
    """For the report that is named, or the one just filed."""
    by = doer_for(context.sender.guest)
    said = context.argument
    ticket: Ticket | None = find_ticket(context.session, said, by=by, now=context.now) if said else None
    ticket = ticket or filed_just_now(context.session, by, now=context.now)
    if ticket is None:
        return wording.NOTHING_TO_HIDE
    hide_name(context.session, ticket, by=context.sender.guest, now=context.now)
    return wording.name_hidden(ticket.number)


def add_to(context: Context, ticket: Ticket, words: str, media: tuple[str, ...] = ()) -> list[Reply | Notice]:
    """Adds words or pictures to a report of the sender."""
    assert ticket.id is not None
    deed = Deed(TicketAction.ADD, Given(text=words), media)
    outcome = act(context.session, ticket.id, deed, by=doer_for(context.sender.guest), now=context.now)
    return [Reply(outcome.reply), *notices_in_duty_hours(context, outcome)]


def take_spot(context: Context, place: str) -> Answer:
    """A place that was sent: where the report is, or the beginning of one."""
    said = said_so_far(context)
    if context.question.step == PLACE:
        grid_id = grid_named(context.session, place)
        return _go_on(context, replace(said, words=_together(said.words, place), grid_id=grid_id))
    step = context.question.step if said.words else WORDS
    context.question.ask(step, asdict(replace(said, words=_together(said.words, place))))
    return wording.words_wanted("位置")


def said_so_far(context: Context) -> Said:
    """What the open question keeps of a report; nothing where another question, or none, is open."""
    is_ours = context.question.step in (WORDS, PLACE, SAME, OFFER)
    return Said(**context.question.data) if is_ours else Said()


def _take(context: Context, said: Said) -> Answer:
    """Where the grid is not known the place is asked for, but never where every minute counts."""
    grid_id = grid_meant(context.session, context.sender.guest, said.words)
    said = replace(said, grid_id=grid_id)
    if grid_id is None and not emergency_numbers(said.words):
        context.question.ask(PLACE, asdict(said))
        return f"{_safety(said.words)}{wording.WHERE}"
    return _go_on(context, said)


def _go_on(context: Context, said: Said) -> Answer:
    """Files it, unless neighbours reported much the same: then that is asked first."""
    same = same_nearby(context.session, said.hazard, now=context.now)
    if same is None:
        return _submit(context, said)
    context.question.ask(SAME, asdict(said))
    text = wording.same_nearby(same.summary[:LONGEST_SHOWN], reporters(context.session, same))
    return Reply(f"{_safety(said.words)}{text}", (Button("是，一起等结果", YES), Button("不是，另报一件", NO)))


def _submit(context: Context, said: Said) -> Answer:
    guest = context.sender.guest
    if filed_lately(context.session, doer_for(guest), now=context.now) >= MOST_A_MINUTE:
        return wording.TOO_FAST
    context.question.end()
    outcome = file_report(context.session, said.hazard, by=guest, now=context.now)
    ticket = outcome.ticket
    owner = context.session.get_one(Person, ticket.owner_id).name
    role = "网格员" if ticket.acting_as == "联系人" else ticket.acting_as
    later = "" if ticket.is_urgent else off_duty(Duty(workdays=workdays(context.session)), context.now)
    text = wording.reported(ticket.number, role, owner, later=later)
    button = Button("不留名", f"不留名 {ticket.number}")
    return [Reply(f"{_safety(said.words)}{text}", (button,)), *notices_in_duty_hours(context, outcome)]


def _safety(words: str) -> str:
    numbers = emergency_numbers(words)
    if numbers:
        return wording.call_now(numbers)
    return wording.KEEP_AWAY if is_danger(words) else ""


def _together(words: str, others: str) -> str:
    return "，".join(filter(None, (words, others)))
