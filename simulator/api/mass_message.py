"""客户联系: mass messages, which wait until their senders confirm them."""

from typing import Any

from simulator import fields
from simulator.api.attachments import checked_content
from simulator.api.customer import allowed_member
from simulator.endpoint import Answer, Call, endpoint
from simulator.errors import ApiError
from simulator.mass_messages import SENT, MassMessage


@endpoint("POST", "externalcontact/add_msg_template")
def add_msg_template(call: Call) -> Answer:
    """Ask the senders to confirm a mass message; nothing is sent yet."""
    body = call.body
    chat_type = fields.text(body, "chat_type", required=False) or "single"
    if chat_type not in ("single", "group"):
        raise ApiError(40058, "invalid chat_type")
    content = checked_content(call.world, body)
    targets, failed = _group_targets(call) if chat_type == "group" else _single_targets(call)
    if not any(targets.values()):
        raise ApiError(41048)
    task = call.world.mass.add(chat_type, content, targets)
    _notify(call, task, f"有一条群发待你确认：{content['text'].get('content', '（附件）')}")
    return {"fail_list": failed, "msgid": task.msgid}


def _group_targets(call: Call) -> tuple[dict[str, list[str]], list[str]]:
    owner = allowed_member(call, fields.text(call.body, "sender", code=40003)).userid
    wanted = fields.texts(call.body, "chat_id_list", most=2000, required=False)
    owned = [g.chat_id for g in call.world.groups.groups.values() if g.owner == owner]
    return {owner: [c for c in owned if not wanted or c in wanted]}, [c for c in wanted if c not in owned]


def _single_targets(call: Call) -> tuple[dict[str, list[str]], list[str]]:
    sender = fields.text(call.body, "sender", required=False)
    wanted = fields.texts(call.body, "external_userid", most=10_000, required=False)
    if sender:
        sender = allowed_member(call, sender).userid
    elif not wanted:
        raise ApiError(40063, "neither sender nor external_userid")
    targets: dict[str, list[str]] = {}
    failed = [e for e in wanted if call.world.customers.find(e) is None]
    for customer in call.world.customers.all():
        if wanted and customer.external_userid not in wanted:
            continue
        followers = [u for u in customer.follows if not sender or u == sender]
        if followers:
            targets.setdefault(followers[0], []).append(customer.external_userid)
        elif wanted:
            failed.append(customer.external_userid)
    return targets, failed


def _notify(call: Call, task: MassMessage, text: str) -> None:
    for userid in task.targets:
        if userid in task.sent_at:
            continue
        shown = {"title": "群发任务", "description": text, "msgid": task.msgid}
        post = call.world.threads.add(userid, "system", "event", shown, sender="企业群发")
        post.msgid = task.msgid


@endpoint("POST", "externalcontact/remind_groupmsg_send")
def remind_groupmsg_send(call: Call) -> None:
    """Remind those who have not confirmed."""
    task = call.world.mass.find(fields.text(call.body, "msgid", code=41046))
    call.world.mass.remind(task)
    _notify(call, task, "群发任务还没有发送")


@endpoint("POST", "externalcontact/cancel_groupmsg_send")
def cancel_groupmsg_send(call: Call) -> None:
    """End a task; what was sent stays."""
    task = call.world.mass.find(fields.text(call.body, "msgid", code=41046))
    if task.cancelled:
        raise ApiError(41093)
    task.cancelled = True


@endpoint("POST", "externalcontact/get_groupmsg_task")
def get_groupmsg_task(call: Call) -> Answer:
    """Who has confirmed."""
    task = call.world.mass.readable(fields.text(call.body, "msgid", code=41046))
    rows: list[dict[str, Any]] = [
        {"userid": u, "status": 2, "send_time": task.sent_at[u]} if u in task.sent_at else {"userid": u, "status": 0}
        for u in task.targets
    ]
    return _page(call, "task_list", rows)


@endpoint("POST", "externalcontact/get_groupmsg_send_result")
def get_groupmsg_send_result(call: Call) -> Answer:
    """Whom a sender reached; for groups only those reached are listed."""
    task = call.world.mass.readable(fields.text(call.body, "msgid", code=41046))
    userid = fields.text(call.body, "userid", code=40003)
    if userid not in task.targets:
        raise ApiError(40003)
    rows = task.results.get(userid)
    if rows is None:
        rows = [{"external_userid": t, "userid": userid, "status": 0} for t in task.targets[userid]]
    if task.chat_type == "group":
        rows = [row for row in rows if row["status"] == SENT]
    return _page(call, "send_list", rows)


@endpoint("POST", "externalcontact/get_groupmsg_list_v2")
def get_groupmsg_list(call: Call) -> Answer:
    """The tasks of a span of at most a month."""
    start, end = fields.number(call.body, "start_time"), fields.number(call.body, "end_time")
    if not 0 <= end - start <= 31 * 86_400:
        raise ApiError(40058, "invalid time range")
    kind = fields.text(call.body, "chat_type", required=False) or "single"
    rows = [
        {"msgid": t.msgid, "creator": "", "create_time": str(t.created_at), "create_type": 0, **t.content}
        for t in call.world.mass.tasks.values()
        if t.chat_type == kind and start <= t.created_at <= end
    ]
    return _page(call, "group_msg_list", rows, most=100)


def _page(call: Call, name: str, rows: list[dict[str, Any]], *, most: int = 1000) -> Answer:
    limit = fields.number(call.body, "limit", allowed=range(1, most + 1), default=min(500, most))
    page, cursor = fields.page_of(rows, fields.text(call.body, "cursor", required=False), limit)
    return {name: page, "next_cursor": cursor}
