"""What enterprises read while they ask for something, before there is a ticket; 您, short, one question at most."""

from datetime import datetime

from domain.calendar import Duty, local, local_date
from domain.triage import Triage

WHAT_IS_IT = "您想反映什么？一句话说给我就行，比如“厂门口路灯不亮”。"
POLITELY = "让您着急了，对不住。您说说是什么事，我马上转给能办的人。"
HUMANS = "背后都是人在办：您用一句话说是什么事，我马上转给能办的人，他会联系您。"
BIND_FIRST = "您还没绑定企业，这件先记成“未绑定”。回“绑定 企业名”，请网格联系人确认一下，以后查进度、评价都方便。"
URGENT_HELP = "着急的安全问题请直接拨打 110/119。"


def understood(category: str, summary: str, *, is_urgent: bool, media: int) -> str:
    """What a message was taken for: 用工 · 招普工 30 人 · 不急."""
    materials = (f"{media} 份材料",) if media else ()
    return " · ".join((category, summary, "急" if is_urgent else "不急", *materials))


def greeted(duty: Duty, now: datetime) -> str:
    """The answer to a greeting, and to words without a matter: at night with when somebody will see to it."""
    if duty.is_on_duty(now):
        return f"在的。{WHAT_IS_IT}"
    return (
        f"在的。{wait_until(duty, now)}先记下，您说的事工作人员{opens(duty, now)} 起处理；{URGENT_HELP}您想反映什么？"
    )


def off_duty(duty: Duty, now: datetime) -> str:
    """When staff act on what was filed now; empty in duty hours."""
    return "" if duty.is_on_duty(now) else f"现在不是上班时间，工作人员{opens(duty, now)} 起处理。"


def wait_until(duty: Duty, now: datetime) -> str:
    """夜里我 on the night before or after a working day, else 休息日我."""
    is_night = local(now).hour >= duty.end.hour or local(now).hour < duty.start.hour
    return "夜里我" if is_night else "休息日我"


def opens(duty: Duty, now: datetime) -> str:
    """When duty begins: 今早 8:30, 明早 8:30, else 23日 8:30."""
    today = local_date(now)
    starts_today = duty.workdays.is_working_day(today) and local(now).time() < duty.start
    day = today if starts_today else duty.workdays.next_working_day(today)
    clock = f"{duty.start:%-H:%M}"
    nearby = {0: "今早", 1: "明早"}.get((day - today).days)
    return f"{nearby} {clock}" if nearby else f"{day.month}月{day.day}日 {clock}"


def call_first(found: Triage) -> str:
    """The numbers to call before anything else."""
    return f"怕有危险，请您先拨 {'、'.join(found.call)}，人先到安全的地方。"


def contact_named(enterprise: str, contact: str) -> str:
    """To whoever wants a human and has asked for nothing yet."""
    return f"{enterprise}的网格联系人是{contact}。您先用一句话说是什么事，我马上转给他，他会联系您。"


def binding_asked(name: str, enterprise: str) -> str:
    """To the contact: somebody wants to speak for an enterprise."""
    return f"{name or '有人'}想代表企业反映事情，是本企业的人吗？\n{enterprise}"
