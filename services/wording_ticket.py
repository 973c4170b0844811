"""The words about tickets: to owners, leaders and whoever raised them; what happened, the time, what is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.calendar import local, local_date
from domain.process import Actor
from domain.report_case import Sort
from domain.report_case import SortAction as S
from domain.ticket import TicketAction as A
from models.ticket import Clock

MOST_NAMED = 6
_WEEKDAYS = "一二三四五六日"
_O, _L, _R = Actor.OWNER, Actor.GRID_LEADER, Actor.REQUESTER


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sentence may speak of; `words` is what the doer said, `due` when it is to be done."""

    number: str
    enterprise: str
    summary: str
    owner: str
    acting_as: str
    doer: str
    words: str = ""
    proof: str = ""
    days: int = 0
    contact: str = ""
    due: str = ""

    @property
    def title(self) -> str:
        """Q261120-0007｜固电电子｜招普工 30 人."""
        return "｜".join(filter(None, (self.number, self.enterprise, self.summary)))

    @property
    def remark(self) -> str:
        """What was said, led by a colon; nothing where nothing was."""
        return f"：{self.words}" if self.words else ""


# What each act tells whom; who did it is never told. Enterprises and residents are 您, staff 你.
TOLD: dict[tuple[str, Actor], str] = {
    (S.BIG, _R): "您报的事（{number}）已派给 {owner}，请政府部门来办，最晚 {due} 办结。",
    (S.SMALL, _R): "{owner}在办您报的事（{number}）了，最晚 {due} 办结。",
    (S.PRIVATE, _R): "您说的事（{number}）是邻里之间的，{owner}先帮着商量，最晚 {due} 给您结果。",
    (A.ACCEPT, _R): "{owner}接下了您的事（{number}），{contact} 前会联系您。",
    (A.CONTACT, _R): "{owner}记下已经联系过您（{proof}）{remark}。没联系上的话，直接回一句。",
    (A.FINISH, _R): "{owner}说办好了{remark}。解决了吗？",
    (A.ASK_EXTENSION, _L): "{doer}申请多给 {days} 个工作日{remark}\n{title}\n现在的办结时间 {due}。同意吗？",
    (A.GRANT_EXTENSION, _O): "{doer}同意延期 {days} 个工作日，办结时间改到 {due}\n{title}",
    (A.GRANT_EXTENSION, _R): "您的事（{number}）还要几天，最晚 {due} 办结。急的话直接回一句。",
    (A.REFUSE_EXTENSION, _O): "{doer}没有同意延期{remark}\n{title}\n办结时间还是 {due}。",
    (A.PAUSE, _R): "您的事（{number}）先等您这边{remark}。您回一句，我们就接着办。",
    (A.RESUME, _O): "{enterprise}回话了，这件接着办，办结时间 {due}\n{title}",
    (A.RESUME, _R): "您的事（{number}）接着办了，最晚 {due} 办结。",
    (A.RETURN, _L): "{doer}退回了这件，已经是第二次，请今天定下由谁办{remark}\n{title}",
    (A.CONFIRM, _O): "{enterprise}说已经解决\n{title}",
    (A.DENY, _O): "{enterprise}说还没解决{remark}\n{title}\n请接着办，办结时间 {due}。",
    (A.DENY, _L): "{enterprise}说还没解决{remark}\n{title}\n退回给 {owner} 接着办，办结时间 {due}。",
    (A.LAPSE, _O): "{enterprise} 3 个工作日没有回音，按默认办结\n{title}",
    (A.LAPSE, _R): "您的事（{number}）3 个工作日没等到您的回音，先办结了。没解决的话，7 天内回“没解决”就接着办。",
    (A.RATE, _O): "{enterprise}评价了这件：{proof}{remark}\n{title}",
    (A.RATE, _L): "{enterprise}对这件不满意{remark}\n{title}\n承办人 {owner}。",
    (A.URGE, _O): "{doer}在催这件，给对方回一句吧\n{title}\n办结时间 {due}。",
    (A.ADD, _O): "{doer}补充{remark}\n{title}",
    (A.ADD, _R): "{doer}就您的事（{number}）说{remark}",
    (A.WITHDRAW, _O): "{enterprise}撤销了这件，不用办了\n{title}",
}

# What whoever acted reads back; other acts read the state they led to.
ANSWERED: dict[str, str] = {
    A.ACCEPT: "接下了 {title}\n首次联系 {contact} 前，办结 {due} 前。",
    A.CONTACT: "记下了第一次联系（{proof}）{remark}\n{title}\n办结 {due} 前。",
    A.FINISH: "记下了，已经请对方确认{remark}\n{title}\n3 个工作日没有回音就默认办结。",
    A.TRANSFER: "转给 {owner} 了\n{title}",
    A.RETURN: "退回了，改由 {owner} 来办\n{title}",
    A.ASK_EXTENSION: "已经请网格长定：多 {days} 个工作日{remark}\n{title}\n没同意之前，办结时间还是 {due}。",
    A.GRANT_EXTENSION: "同意了，办结时间改到 {due}\n{title}",
    A.REFUSE_EXTENSION: "没有延期，办结时间还是 {due}\n{title}",
    A.PAUSE: "先停表，等对方回话{remark}\n{title}",
    A.RESUME: "接着办，办结时间 {due}\n{title}",
    A.ARBITRATE: "定下由 {owner} 来办\n{title}",
    A.REASSIGN: "改派给 {owner} 了\n{title}",
    A.CONFIRM: "好的，{number} 办结了。给这次办理评个价：满意、基本满意，还是不满意？",
    A.DENY: "明白，已退回给{owner}继续办，也告诉了他的负责人。有进展马上跟您说。",
    A.RATE: "记下了：{proof}。7 天内想改，再说一次就行。",
    A.URGE: "已经提醒{owner}了，{number} 最晚 {due} 办结。",
    A.ADD: "补充到 {number} 里了。",
    A.WITHDRAW: "{number} 撤销了，还有事直接说一句。",
}

TO_ARBITRATION = "退回了。这是第二次退回，网格长今天会定下由谁办\n{title}"


# To whoever acted on what was not raised in the chat, so that no message reaches who raised it.
CALL_THEM = "这件不是对方从微信提的，消息到不了，请打个电话告诉对方。"


def render(template: str, facts: Facts) -> str:
    """A sentence with the facts in it; what people said is never read as a template."""
    fields = {name: getattr(facts, name) for name in (*facts.__slots__, "title", "remark")}
    return template.format_map(fields)


def filed(facts: Facts, contact_due: datetime, *, is_urgent: bool) -> str:
    """What the requester reads as soon as the ticket is filed; whoever cannot wait reads first that it is handed on."""
    day = local_date(contact_due)
    owner, by_day = f"{facts.acting_as} {facts.owner}", f"周{_WEEKDAYS[day.weekday()]}（{day.day}日）下班前"
    handed = f"按急件转给了{owner}，最晚{by_day}联系您。" if is_urgent else f"由{owner} 负责，{by_day}会联系您。"
    return f"已提交，编号 {facts.number}。{handed}有照片、材料直接发来就行。"


def new_ticket(facts: Facts, accept: str, *, word: str, is_urgent: bool, is_unverified: bool) -> str:
    """The owner's card of a new ticket."""
    marks = "".join(mark for mark, shown in (("（急）", is_urgent), ("（未绑定）", is_unverified)) if shown)
    return f"新{word}{marks} {facts.title}\n接单截止 {accept}｜首次联系 {facts.contact}｜办结 {facts.due}"


def sort_wanted(proposed: Sort) -> str:
    """To the grid worker: what a report looks like, theirs to decide."""
    return f"看着是{proposed.value}，你来定：大事归政府，小事归村社，私事归邻里。"


def handed_to(facts: Facts, accept: str) -> str:
    """A ticket that comes to somebody from somebody else."""
    head = f"{facts.doer}转来一件{facts.remark}" if facts.doer else f"交给你一件{facts.remark}"
    return f"{head}\n{facts.title}\n接单截止 {accept}｜首次联系 {facts.contact}｜办结 {facts.due}"


def taken_from(facts: Facts) -> str:
    """A ticket that went from its owner to somebody else."""
    return f"这件改由 {facts.owner} 来办，你不用管了{facts.remark}\n{facts.title}"


def owner_changed(facts: Facts) -> str:
    """To the requester: somebody else takes care."""
    return f"您的事（{facts.number}）现在由{facts.acting_as} {facts.owner} 负责，最晚 {facts.due} 办结。"


def running_out(facts: Facts, which: Clock, due: str) -> str:
    """The owner's nudge before a due time."""
    return f"{which.label}时间快到了：{due}\n{facts.title}"


def run_out(facts: Facts, which: Clock, due: str, addressee: Actor) -> str:
    """To a leader: a due time has passed."""
    late = "又过了一个工作日，" if addressee is Actor.DUTY_LEADER else ""
    return f"{late}{which.label}时间（{due}）已过，还没有办\n{facts.title}\n承办人 {facts.owner}（{facts.acting_as}）。"


def filed_on_behalf(facts: Facts, accept: str) -> str:
    """To a member of staff who filed for an enterprise."""
    return (
        f"已提交 {facts.title}\n由 {facts.owner}（{facts.acting_as}）负责。"
        f"接单截止 {accept}｜首次联系 {facts.contact}｜办结 {facts.due}"
    )


def said_to_requester(number: str, *, is_reached: bool) -> str:
    """To whoever said something for the requester to read."""
    if is_reached:
        return f"转给对方了，也记在 {number} 里。"
    return f"记在 {number} 里了。{CALL_THEM}"


def rating_wanted(facts: Facts, *, again: bool) -> str:
    """Asks for a rating, or reminds of it once."""
    lead = "再问您一次，" if again else ""
    return f"{lead}{facts.number}（{facts.summary}）办得怎么样？满意、基本满意，还是不满意？不回也没关系。"


def grids_without_holder(names: Sequence[str]) -> str:
    """To the performance office: grids with enterprises that nobody holds."""
    named = "、".join(names[:MOST_NAMED])
    rest = f" 等 {len(names)} 个" if len(names) > MOST_NAMED else ""
    return f"这些网格有企业却没有联系人，来的诉求先派给上级：{named}{rest}。请在网格表里补上联系人。"


def to_pass_on(title: str, text: str) -> str:
    """To the owner: what the requester cannot be sent before they write again."""
    return f"对方好几个小时没开口，这句话发不过去，请打电话转告\n{title}\n“{text}”"


def spoken(instant: datetime, now: datetime) -> str:
    """今天 16:20, 周一 17:30 within the next six days, 12月1日 17:30 otherwise."""
    day, today = local_date(instant), local_date(now)
    clock = f"{local(instant):%H:%M}"
    if day == today:
        return f"今天 {clock}"
    if timedelta() < day - today < timedelta(days=7):
        return f"周{_WEEKDAYS[day.weekday()]} {clock}"
    return f"{day.month}月{day.day}日 {clock}"
