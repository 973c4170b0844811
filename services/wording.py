"""The words of every message that nobody asked for, in one place: what happened, the figure, what is next."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from domain.calendar import local, local_date
from services.key_result import figure
from services.still_open import OpenKeyResult

MOST_NAMED = 6
_WEEKDAYS = "一二三四五六日"


def checkin_missing(still_open: Sequence[OpenKeyResult], closes_at: datetime) -> str:
    """The last working day's reminder: what has not been reported this week."""
    return f"本周还有 {_counted(still_open)}。{_example(still_open)}{_until(closes_at)}前都可以改。"


def checkin_closing(still_open: Sequence[OpenKeyResult], closes_at: datetime) -> str:
    """The last reminder before the week closes."""
    return (
        f"上周还有 {_counted(still_open)}，今天 {local(closes_at):%H:%M} 截止。"
        f"{_example(still_open)}没变化就点“和上周一样”。"
    )


def objectives_missing(period: str, due_on: date, working_days_left: int) -> str:
    """Nothing is set for the period yet."""
    return f"{period}你还没有定目标，{day_of(due_on)}截止，{_left(working_days_left)}。三五句话就能定好，定完请负责人确认。"


def review_missing(period: str, numbers: Sequence[int], due_on: date, working_days_left: int) -> str:
    """Key results of the past period lack their review."""
    return (
        f"{period}的复盘还差 {len(numbers)} 项：{key_results(numbers)}，{day_of(due_on)}截止，{_left(working_days_left)}。"
        "每项打个分、写一句话就行。"
    )


def members_lost(missing: int, active: int) -> str:
    """The contacts look wrong, so nothing was changed."""
    if not active - missing:
        return f"企业微信通讯录读出来一个本县人员也没有（在册 {active} 人），先没有改动任何人。请看看应用的可见范围和通讯录。"
    return (
        f"企业微信通讯录里一下少了 {missing} 人（在册 {active} 人），先没有停用任何人。"
        "请看看应用的可见范围；人真的走了，分批移出后明早会自动处理。"
    )


def messages_waiting(count: int, oldest: datetime) -> str:
    """Incoming messages are not being handled."""
    return f"有 {count} 条来信 5 分钟还没处理，最早的是 {clock(oldest)} 收到的。请看看 worker 在不在运行。"


def messages_dead(count: int) -> str:
    """Incoming messages were given up after several attempts."""
    return f"近两天有 {count} 条来信试了几次都没处理成，已告诉发信人。修好后在后台点“重新处理”。"


def sending_doubtful(count: int) -> str:
    """Nobody knows whether these arrived."""
    return f"有 {count} 条发出的消息不知道送到没有。问一下收件人，没收到就在后台重发。"


def sending_dead(count: int) -> str:
    """These will not arrive by themselves."""
    return f"近两天有 {count} 条消息没有送出去。原因在后台“发件”里，改好后可以重发。"


def sending_paused(reason: str, until: datetime) -> str:
    """Nothing leaves at the moment."""
    return f"消息暂停发送：{reason or '企业微信拒绝了我们的请求'}。{clock(until)} 会自动再试，修好后自己恢复。"


def job_given_up(name: str, due_at: datetime, reason: str) -> str:
    """A scheduled job failed for good."""
    when = f"{day_of(local_date(due_at))} {local(due_at):%H:%M}"
    return f"定时任务 {name}（{when}）没跑成：{reason}。修好后可以用 flask job 补跑这一次。"


def holidays_unknown(first_unknown: date) -> str:
    """The calendar's data ends soon."""
    return (
        f"{first_unknown.year}年{day_of(first_unknown)}起的放假安排还没有，先按周一到周五上班算。"
        "国务院的通知公布后，请升级 chinesecalendar 或在日历里补上。"
    )


def key_results(numbers: Sequence[int]) -> str:
    """KR2、KR4、KR5, the first six of many."""
    return _named([f"KR{number}" for number in numbers])


def day_of(day: date) -> str:
    """11月23日（周一）."""
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def clock(instant: datetime) -> str:
    """14:52, as clocks in the county show it."""
    return f"{local(instant):%H:%M}"


def _named(codes: Sequence[str]) -> str:
    named = "、".join(codes[:MOST_NAMED])
    return named if len(codes) <= MOST_NAMED else f"{named} 等"


def _counted(still_open: Sequence[OpenKeyResult]) -> str:
    return f"{len(still_open)} 项没更新：{_named([one.code for one in still_open])}"


def _example(still_open: Sequence[OpenKeyResult]) -> str:
    shown = still_open if len(still_open) <= 2 else (still_open[0], still_open[-1])
    said = "，".join(f"{one.code} {_plausible_value(one)}" for one in shown)
    return f"一句话就行，比如“{said}”。"


def _plausible_value(one: OpenKeyResult) -> str:
    """What its owner might say of it: 80%, 完成, 两场, 3户."""
    if one.is_milestone:
        return "完成"
    if one.unit == "%":
        return f"{figure(min(one.target, Decimal(80)))}%"
    if one.target > 4:
        return f"3{one.unit}"
    return f"两{one.unit}" if one.target >= 2 and one.unit else f"1{one.unit}"


def _until(closes_at: datetime) -> str:
    day = local_date(closes_at)
    return f"周{_WEEKDAYS[day.weekday()]} {local(closes_at):%H:%M} "


def _left(working_days: int) -> str:
    return f"还有 {working_days} 个工作日" if working_days else "就是今天"
