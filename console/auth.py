"""Who may see a page: stated once per blueprint, checked at every request against the database's present rights."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Flask, abort, current_app, g, redirect, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from bot.runtime import Runtime
from models.engine import reading
from models.person import Person, Role
from services.login import find_visitor


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in person: who they are now, and a session that only looks."""

    session: Session
    now: datetime
    person: Person
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Access:
    """Admits whoever holds one of the roles; None admits everybody, signed in or not.

    Given to a blueprint's `before_request`. Whoever is not signed in goes to the sign-in page and comes back; what is
    not one's own answers 404, as if it were not there.
    """

    roles: frozenset[Role] | None

    def admits(self, roles: frozenset[Role]) -> bool:
        """Whether somebody with these roles may see the pages."""
        return self.roles is None or bool(self.roles & roles)

    def __call__(self) -> Response | None:
        """Flask's check before each request of the blueprint."""
        if self.roles is None:
            return None
        if current_visit() is None:
            path = request.full_path.rstrip("?") if request.method == "GET" else "/"
            return redirect(url_for("login.enter", next=path), 303)
        if not self.admits(visit().roles):
            abort(404)
        return None


PUBLIC = Access(None)
SIGNED_IN = Access(frozenset({Role.MEMBER}))


def only(*roles: Role) -> Access:
    """Access for the holders of these roles."""
    return Access(frozenset(roles))


def access_of(pages: Blueprint) -> Access | None:
    """What a blueprint says about who may see it."""
    stated = pages.before_request_funcs.get(None, [])
    return next((check for check in stated if isinstance(check, Access)), None)


def runtime() -> Runtime:
    """The parts of this process."""
    found = current_app.extensions["runtime"]
    assert isinstance(found, Runtime)
    return found


def visit() -> Visit:
    """The request of a person who is signed in; only for pages that are not public."""
    found = current_visit()
    assert found is not None
    return found


def current_visit() -> Visit | None:
    """Who is looking, or None when nobody is signed in; read once per request."""
    if "visit" not in g:
        g.visit = _find_visit()
    found: Visit | None = g.visit
    return found


def cookie_name() -> str:
    """The login's cookie; over https its prefix makes browsers refuse it from anywhere but this host."""
    return "__Host-linge" if is_https() else "linge"


def browser_cookie_name() -> str:
    """The cookie that binds a sign-in under way to its browser, guarded as the login's own."""
    return f"{cookie_name()}-browser"


def is_https() -> bool:
    """Whether people reach us over https, whatever a proxy speaks to us."""
    return runtime().settings.address.startswith("https://")


def end_visit(_error: BaseException | None = None) -> None:
    """Closes the session of the request."""
    if "visit_closes" in g:
        g.visit_closes.close()


def watch_visits(app: Flask) -> None:
    """Lets every request close what it opened."""
    app.teardown_request(end_visit)


def _find_visit() -> Visit | None:
    token = request.cookies.get(cookie_name(), "")
    if not token:
        return None
    now = runtime().clock()
    g.visit_closes = ExitStack()
    session = g.visit_closes.enter_context(reading(runtime().engine))
    found = find_visitor(session, token, now=now)
    return Visit(session, now, found.person, found.roles) if found else None
