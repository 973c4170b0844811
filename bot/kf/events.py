"""What 微信客服 tells us about itself, before anybody's words: there is news, or a message of ours did not get there."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.insert import insert_new
from bot.kf.window import WAITS, renew
from bot.wecom.kf import NEWS, SEND_FAILED
from models.kf import KfCursor
from models.message import OutboxMessage, OutboxState
from models.secrecy import EMPTY

LONGEST_ID = 64
LONGEST_TOKEN = 128
# Why a message that was accepted did not get there (msg_send_fail, page 94670).
FAILURES: dict[int, str] = {
    1: "客服账号已删除",
    2: "应用已关闭",
    4: "会话超过 48 小时",
    5: "会话已结束",
    6: "超过 5 条",
    8: "企业还没有认证",
    10: "客户拒收",
    11: "企业里没有人登录过企业微信",
    12: "客服组件不许发这种消息",
    13: "被平台的安全规则拦下",
}
# These end when the customer writes again.
UNTIL_THEY_WRITE = frozenset({4, 5, 6})

log = structlog.get_logger(__name__)


def heed(session: Session, kind: str, fields: dict[str, Any], *, now: datetime) -> bool:
    """Does what an event of 微信客服 about itself calls for; False for anything else."""
    if kind == NEWS:
        note_news(session, _text(fields, "OpenKfId"), _text(fields, "Token"), now=now)
    elif kind == SEND_FAILED:
        _note_failure(session, fields)
    else:
        return False
    return True


def note_news(session: Session, open_kfid: str, token: str, *, now: datetime) -> None:
    """Lets an account be read at once; `token` is the callback's, good for ten minutes."""
    if not 0 < len(open_kfid) <= LONGEST_ID:
        return
    new = {"open_kfid": open_kfid, "cursor": "", "token": "", "pokes": 0, "due_at": now}
    insert_new(session.connection(), KfCursor, [new], key="open_kfid")
    values = {"pokes": col(KfCursor.pokes) + 1, "poked_at": now, "due_at": now}
    token = token if len(token) <= LONGEST_TOKEN else ""
    poked = update(KfCursor).where(col(KfCursor.open_kfid) == open_kfid)
    session.connection().execute(poked.values(token=token, **values))


def _note_failure(session: Session, fields: dict[str, Any]) -> None:
    """The message rests with its reason, or waits for the customer's next word; a late result cannot overwrite it."""
    msgid, why = _text(fields, "fail_msgid"), fields.get("fail_type")
    query = select(OutboxMessage).where(OutboxMessage.task_id == msgid).with_for_update()
    row = session.exec(query).first() if msgid else None
    if row is None or row.payload == EMPTY:
        return
    reason = FAILURES.get(why, "原因不明") if isinstance(why, int) else "原因不明"
    row.state = OutboxState.WAITING if why in UNTIL_THEY_WRITE else OutboxState.DEAD
    row.error = f"{reason}，{WAITS}" if why in UNTIL_THEY_WRITE else f"企业微信没有送到：{reason}"
    row.lease_until = row.sent_at = row.first_sent_at = None
    row.attempts = 0
    renew(row)
    session.add(row)
    log.warning("kf_not_delivered", id=row.id, fail_type=why)


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
