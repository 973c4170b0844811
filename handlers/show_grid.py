"""查网格, 网格: who stands for an enterprise's grid, and how the requests of one's own grids stand."""

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Link, Reply
from bot.registry import command, step
from handlers.name_enterprise import ask_which_enterprise
from handlers.ticket_notice import buttons_of
from models.enterprise import Enterprise
from models.person import Person
from services.enterprise import count_open, enterprise_at_head
from services.ticket.board import board_for
from services.ticket.find import deals_with_tickets
from services.ticket.roster import GridPeople, read_chain

WHICH = "show_grid.which"
CANCEL = Button("不查了", "取消")


@command(
    "查网格",
    help="看企业归哪个网格、谁负责",
    aliases=("查 网格",),
    takes="企业名",
    example="查网格 固电电子",
    topic="工单",
)
def find_grid(context: Context) -> Answer:
    """The grids of an enterprise with their people, and how many of its requests are open."""
    if not context.argument:
        context.question.ask(WHICH, {})
        return Reply("查哪家企业？简称或全名都行。", (CANCEL,))
    return _told(context, context.argument)


@step(WHICH)
def take_name(context: Context) -> Answer:
    """Takes the name of the enterprise; one that is unknown leaves the question open."""
    answer = _told(context, context.message.text)
    if isinstance(answer, str) or answer.buttons:
        context.question.end()
    return answer


@command("网格", help="本网格的诉求：几件、谁超时", aliases=("本网格", "我的网格"), topic="工单")
def show_board(context: Context) -> Answer:
    """How many requests are open in each state, and those due first, with the buttons of the first."""
    me = context.sender.person
    board = board_for(context.session, me, now=context.now)
    if board is None:
        if not deals_with_tickets(context.session, me, now=context.now):
            raise NotUnderstood
        return "你现在没有负责的网格。手里的工单说“我的工单”。"
    if not board.total:
        return f"{board.name}现在没有没办完的诉求。"
    late = f"，{board.late} 件已超时" if board.late else ""
    lines = [f"{board.name}：没办完的诉求 {board.total} 件{late}。"]
    lines.append("｜".join(f"{word} {number}" for word, number in board.states))
    lines += [f"{one.line(context.now)}｜{one.owner}" for one in board.first]
    if not board.first:
        return "\n".join(lines)
    buttons = buttons_of(context.session, board.first[0].ticket, me, now=context.now)
    link = Link("看全部", "/grids") if board.is_led else None
    return Reply("\n".join([*lines, f"按钮办的是 {board.first[0].ticket.number}。"]), buttons, link)


def _told(context: Context, words: str) -> str | Reply:
    meant = enterprise_at_head(context.session, words, is_all=True)
    if meant.enterprise is None:
        return ask_which_enterprise(context.session, meant, "查网格")
    return _chain(context, meant.enterprise)


def _chain(context: Context, enterprise: Enterprise) -> str:
    chain = read_chain(context.session, enterprise.grid_id)
    lines = [f"{enterprise.name} 在 {chain[0].grid.name if chain else '没有网格'}"]
    lines += [line for people in chain if (line := _people(people, is_smallest=people is chain[0]))]
    number = count_open(context.session, enterprise)
    lines.append(f"没办完的诉求 {number} 件" if number else "没有没办完的诉求")
    return "\n".join(lines)


def _people(people: GridPeople, *, is_smallest: bool) -> str:
    posts: list[tuple[str, Person | None]] = [
        ("联系人", people.holder),
        ("副联系人", people.deputy),
        ("网格长", people.leader),
    ]
    named = [f"{post} {person.name}" for post, person in posts if person is not None]
    if is_smallest and people.holder is None:
        named.insert(0, "联系人 空缺")
    return f"{people.grid.name}：{'｜'.join(named)}" if named else ""
