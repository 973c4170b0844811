"""Links new audit entries into the chain and anchors its end in the log and in the run's own row."""

from bot.message import Notice
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_minutes
from services.chain import extend_chain


@job("seal_audit", schedule=every_minutes(1), catch_up=CatchUp.NEWEST, help="把新的审计记录连进校验链，记下链尾")
def seal_audit(context: JobContext) -> list[Notice]:
    """The scheduler runs a job once at a time, which is what sealing needs."""
    end = extend_chain(context.session)
    if end.sealed:
        context.outcome.append(f"连入 {end.sealed} 条，链尾 {end.position} {end.hash}")
    return []
