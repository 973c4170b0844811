"""The audit chain grows every minute and its end is noted outside the log."""

from sqlalchemy import Engine
from sqlmodel import col, select

from models.audit import AuditEntry
from models.engine import reading, writing
from models.job import JobRun
from services import audit
from tests.conftest import Service
from tests.times import FRIDAY


def test_new_entries_are_sealed_and_the_run_notes_the_chain_s_end(service: Service, engine: Engine) -> None:
    with writing(engine) as session:
        for number in range(3):
            audit.record(session, "look", f"person:{number}", by="lihua", now=FRIDAY)

    service.scheduler.run_now("seal_audit", FRIDAY)

    with reading(engine) as session:
        last = session.exec(select(AuditEntry).order_by(col(AuditEntry.position).desc()).limit(1)).one()
        run = session.exec(select(JobRun).where(JobRun.job == "seal_audit", JobRun.due_at == FRIDAY)).one()
        assert last.position == 3
        assert run.outcome == f"连入 3 条，链尾 3 {last.hash}"
        assert audit.first_broken(session) is None


def test_a_minute_without_entries_notes_nothing(service: Service) -> None:
    assert service.scheduler.run_now("seal_audit", FRIDAY).endswith("跑完了：没有要做的")
