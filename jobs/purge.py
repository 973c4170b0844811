"""Lets go of old messages, sign-ins and runs, every night."""

from bot.message import Notice
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_day
from services import retention

NAMES = {
    "inbox": "来信内容",
    "outbox": "发信内容",
    "media": "图片和文件",
    "logins": "过期登录",
    "used_states": "过期登录请求",
    "questions": "旧对话",
    "runs": "任务记录",
    "failed_runs": "失败任务记录",
}


@job(
    "purge",
    schedule=every_day("3:13"),
    catch_up=CatchUp.NEWEST,
    help="清掉 190 天前的消息内容和过期登录；审计和成绩不动",
)
def purge(context: JobContext) -> list[Notice]:
    """Only counts are kept of what went."""
    done = retention.purge(context.session, now=context.now)
    context.outcome.extend(f"{NAMES[name]} {count}" for name, count in done.items() if count)
    return []
