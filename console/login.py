"""Signing in with WeCom and out again: silently inside its own browser, by scanning a code outside."""

import re
import secrets

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.wecom.addresses import sign_in_inside, sign_in_outside
from bot.wecom.errors import Kind, WeComError
from console.attempt import begin_attempt, read_attempt
from console.auth import PUBLIC, browser_cookie_name, cookie_name, current_visit, is_https, runtime
from console.failure import failure_page
from models.engine import writing
from services import login

LONGEST_PATH = 512
_STATE = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[\x21-\x7e]{1,512}")

UNFINISHED = ("登录没有完成", "多半是登录页放久了，或者换了浏览器。再登录一次就行。")
NOT_RECOGNISED = ("企业微信没有认出这次登录", "登录码用过或过期了。再登录一次就行。")
STRANGER = ("你的账号还没有登记", "请绩效管理员把你加进人员表，加好以后再打开就行。")

pages = Blueprint("login", __name__)
pages.before_request(PUBLIC)


@pages.get("/login")
def enter() -> Response:
    """Sends the browser to WeCom's sign-in page, bound to it by a cookie; who is signed in goes on at once."""
    next_path = own_path(request.args.get("next", "/"))
    if current_visit() is not None:
        return redirect(next_path, 303)
    kept = request.cookies.get(browser_cookie_name(), "")
    attempt = begin_attempt(kept, next_path, now=runtime().clock())
    response = redirect(_sign_in_page(attempt.state), 303)
    _set_cookie(response, browser_cookie_name(), attempt.cookie(), login.ATTEMPT_LASTS.seconds)
    return response


@pages.get("/login/callback")
def callback() -> Response:
    """Where WeCom sends the browser back with a code: the login begins, and the page that was wanted opens."""
    response = make_response(_come_back(request.args.get("state", ""), request.args.get("code", "")))
    # Whatever came of it, the next attempt is a new one.
    _drop_cookie(response, browser_cookie_name())
    return response


def _come_back(state: str, code: str) -> Response | tuple[str, int]:
    if not (_STATE.fullmatch(state) and _CODE.fullmatch(code)):
        return failure_page(400, *UNFINISHED, retry=url_for("login.enter"))
    now = runtime().clock()
    attempt = read_attempt(request.cookies.get(browser_cookie_name(), ""))
    if attempt is None or not secrets.compare_digest(attempt.state, state):
        return _unfinished()
    with writing(runtime().engine) as session:
        is_fresh = login.use_state(session, state, expires_at=attempt.expires_at, now=now)
    if not is_fresh:
        return _unfinished()
    retry = url_for("login.enter", next=attempt.next_path)
    try:
        account = runtime().client.member_by_code(code)
    except WeComError as error:
        if error.kind is Kind.DATA:
            return failure_page(400, *NOT_RECOGNISED, retry=retry)
        return failure_page(503, retry=retry)
    return _open(account or "", attempt.next_path)


def _unfinished() -> Response | tuple[str, int]:
    # Two windows of a browser share one attempt: the second finds itself signed in by the first.
    return redirect("/", 303) if current_visit() else failure_page(400, *UNFINISHED, retry=url_for("login.enter"))


@pages.post("/logout")
def leave() -> Response:
    """Ends the login of this browser."""
    visit = current_visit()
    if visit is not None:
        with writing(runtime().engine) as session:
            login.sign_out(session, request.cookies[cookie_name()], by=visit.person, now=visit.now)
    response = make_response(render_template("goodbye.html"))
    _drop_cookie(response, cookie_name())
    return response


def own_path(wanted: str) -> str:
    """The path if it leads to a page of ours, else the first page: browsers take // and \\ for another host."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/login", "/logout"))
    is_plain = "\\" not in wanted and wanted.isprintable() and len(wanted) <= LONGEST_PATH
    return wanted if is_ours and is_plain else "/"


def _open(account: str, next_path: str) -> Response | tuple[str, int]:
    with writing(runtime().engine) as session:
        token = login.sign_in(session, account, now=runtime().clock())
    if token is None:
        return failure_page(403, *STRANGER)
    response = redirect(next_path, 303)
    _set_cookie(response, cookie_name(), token, login.LOGIN_LASTS.seconds)
    return response


def _sign_in_page(state: str) -> str:
    settings = runtime().settings
    is_inside = "wxwork" in request.headers.get("User-Agent", "").lower()
    address = sign_in_inside if is_inside else sign_in_outside
    return address(
        settings.wecom_api_url,
        corp_id=settings.wecom_corp_id,
        agent_id=settings.wecom_agent_id or 0,
        back_to=f"{settings.address}{url_for('login.callback')}",
        state=state,
    )


def _set_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=is_https(), httponly=True, samesite="Lax")


def _drop_cookie(response: Response, name: str) -> None:
    response.delete_cookie(name, secure=is_https(), httponly=True, samesite="Lax")
