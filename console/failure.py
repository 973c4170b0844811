"""What people read when something does not work: a Chinese page that says what to do, never a stack.

Programs get the same as data (`console/problem.py`).
"""

import traceback
from pathlib import Path

import structlog
from flask import Flask, Response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from console.problem import is_for_a_program, problem
from domain.errors import DomainError

log = structlog.get_logger(__name__)

# Title and what to do next, by status; anything else below 500 reads like 400.
WORDS = {
    400: ("这个请求没看懂", "回上一页再试一次；还是不行，在企业微信里说“意见反馈”告诉我们。"),
    403: ("这里不归你看", "需要的话，请绩效管理员或安全管理员给你开通。"),
    404: ("没有这一页", "可能是地址不全，或者这一页不归你看。"),
    405: ("这一页不能这样打开", "从首页点进来就行。"),
    413: ("内容太长了", "缩短一点再提交，刚才的没有存。"),
    500: ("页面没打开", "是我们这边出了问题，已经记下了。过一会儿再来，数据都在。"),
    503: ("暂时连不上企业微信", "过一分钟再试一次。"),
}
DATABASE_AWAY = ("暂时打不开", "正在维护，已经存下的都在。过一分钟再试一次；刚才要是在提交，先看看存上没有。")
EXPIRED_FORM = ("这一页放得太久了", "回上一页刷新一下再提交，刚才的没有存。")


def answer_failures(app: Flask) -> None:
    """Gives every failure its page."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(DomainError, _against_a_rule)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(Exception, _failed)


Page = tuple[str, int] | Response


def failure_page(status: int, title: str = "", advice: str = "", *, retry: str = "") -> tuple[str, int]:
    """A page that says what happened and what to do next; `retry` is where its button leads."""
    usual_title, usual_advice = WORDS.get(status, WORDS[400 if status < 500 else 500])
    page = render_template(
        "failure.html", title=title or usual_title, advice=advice or usual_advice, retry=retry, status=status
    )
    return page, status


def _refused(error: HTTPException) -> Page | HTTPException:
    # A redirect that the router raised is no failure.
    if error.code is None or error.code < 400:
        return error
    if is_for_a_program():
        return problem(error.code)
    return failure_page(error.code)


def _form_expired(_error: CSRFError) -> tuple[str, int]:
    return failure_page(400, *EXPIRED_FORM)


def _against_a_rule(error: DomainError) -> Page:
    if is_for_a_program():
        return problem(409, str(error))
    return failure_page(409, "没有办成", str(error))


def _database_away(error: Exception) -> Page:
    log.error("database_away", endpoint=request.endpoint, error=type(error).__name__)
    if is_for_a_program():
        return problem(503)
    return failure_page(503, *DATABASE_AWAY)


def _failed(error: Exception) -> Page:
    # The kind of fault and its place; its text could hold data.
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error(
        "page_failed",
        endpoint=request.endpoint,
        error=type(error).__name__,
        place=f"{Path(place.filename).name}:{place.lineno}",
    )
    return problem(500) if is_for_a_program() else failure_page(500)
