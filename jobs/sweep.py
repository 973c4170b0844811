"""Tells the operators what is stuck, each thing once a day."""

from bot.message import Notice, Purpose, Reply
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_minutes
from models.person import Role
from services.period import workdays
from services.person import people_with_role
from services.sweep import Finding, look


@job("sweep", schedule=every_minutes(5), catch_up=CatchUp.SKIP, help="查卡住的消息、任务和快用完的日历，告诉系统管理员")
def sweep(context: JobContext) -> list[Notice]:
    """What is urgent stands in the run's outcome too: with sending paused, that and the log is where it can be read."""
    findings = look(context.session, workdays(context.session), now=context.now)
    urgent = [finding.text for finding in findings if finding.is_urgent]
    others = len(findings) - len(urgent)
    context.outcome.extend([*urgent, f"不急的 {others} 项"] if others else urgent)
    operators = people_with_role(context.session, Role.SYSTEM_ADMIN)
    return [
        Notice(operator, f"sweep:{finding.key}:{operator.id}", Reply(finding.text), _purpose(finding))
        for finding in findings
        for operator in operators
    ]


def _purpose(finding: Finding) -> Purpose:
    return Purpose.OPERATION if finding.is_urgent else Purpose.DIGEST
