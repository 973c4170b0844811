"""Looking at a file: by those whose case it is, noted, and harmless in a browser."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.media.folder import MediaFolder
from models.audit import AuditEntry
from models.engine import reading, writing
from models.media import MediaFile, MediaState
from services.ticket.filing import file
from simulator import World
from tests.conftest import Service
from tests.console.conftest import Browser, NewBrowser
from tests.console.files import keep_file
from tests.factories import Cast
from tests.factories_ticket import TicketCast, make_ticket_cast
from tests.times import FRIDAY


@pytest.fixture
def people(engine: Engine, county: Cast, world: World) -> TicketCast:
    with writing(engine) as session:
        cast = make_ticket_cast(session, county)
    for person in (cast.liansan, cast.other_contact):
        world.directory.add_member(person.account, person.name, departments=[1])
    return cast


@pytest.fixture
def folder(service: Service) -> MediaFolder:
    return MediaFolder(service.settings.media_dir)


def filed(session: Session, people: TicketCast, folder: MediaFolder, **told: object) -> MediaFile:
    """A picture of a ticket that 联三 owns."""
    ticket = people.filed(session, FRIDAY)
    kept = keep_file(session, folder, sender="kf:wk1:wm7001", ticket=ticket)
    for name, value in told.items():
        setattr(kept, name, value)
    return kept


def signed_in(new_browser: NewBrowser, account: str) -> Browser:
    browser = new_browser()
    browser.sign_in(account)
    return browser


def test_the_owner_of_the_case_looks_at_its_picture_and_that_is_noted(
    engine: Engine, people: TicketCast, folder: MediaFolder, new_browser: NewBrowser
) -> None:
    with writing(engine) as session:
        number = filed(session, people, folder).id
    shown = signed_in(new_browser, "liansan").open(f"/media/{number}")

    assert (shown.status_code, shown.data, shown.mimetype) == (200, b"\xff\xd8\xff picture", "image/jpeg")
    assert shown.headers["Content-Disposition"].startswith("inline;")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"].endswith("sandbox")
    assert shown.headers["Cache-Control"] == "no-store"
    with reading(engine) as session:
        looks = session.exec(select(AuditEntry.subject, AuditEntry.actor).where(AuditEntry.action == "media.look"))
        assert looks.all() == [(f"media:{number}", "liansan")]


def test_to_a_stranger_it_does_not_exist_and_no_look_is_noted(
    engine: Engine, people: TicketCast, folder: MediaFolder, new_browser: NewBrowser
) -> None:
    with writing(engine) as session:
        number = filed(session, people, folder).id

    assert signed_in(new_browser, "lianwu").open(f"/media/{number}").status_code == 404
    with reading(engine) as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "media.look")).all() == []


def test_what_is_no_picture_of_our_own_making_is_saved_and_never_shown(
    engine: Engine, people: TicketCast, folder: MediaFolder, new_browser: NewBrowser
) -> None:
    with writing(engine) as session:
        number = filed(session, people, folder, content_type="application/pdf", filename='合同".pdf').id
    shown = signed_in(new_browser, "liansan").open(f"/media/{number}")

    assert shown.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("told", [{"state": MediaState.WAITING}, {"state": MediaState.GONE}, {"path": "aa/bb/gone"}])
def test_what_is_not_there_is_not_found(
    engine: Engine, people: TicketCast, folder: MediaFolder, new_browser: NewBrowser, told: dict[str, object]
) -> None:
    with writing(engine) as session:
        number = filed(session, people, folder, **told).id

    assert signed_in(new_browser, "liansan").open(f"/media/{number}").status_code == 404


@pytest.mark.parametrize("path", ["/media/0", "/media/-1", "/media/1.jpg", "/media/99999999999999999999", "/media/a"])
def test_no_other_number_finds_anything(new_browser: NewBrowser, county: Cast, path: str) -> None:
    assert signed_in(new_browser, "lihua").open(path).status_code == 404


def test_the_page_of_the_case_leads_to_its_files(
    engine: Engine, people: TicketCast, folder: MediaFolder, new_browser: NewBrowser
) -> None:
    with writing(engine) as session:
        picture, lost = (keep_file(session, folder, sender="kf:wk1:wm7001") for _ in range(2))
        lost.state = MediaState.EXPIRED
        draft = replace(people.draft(), media=(str(picture.id), str(lost.id)))
        file(session, draft, by=people.asker, now=FRIDAY)
        number = picture.id
    shown = signed_in(new_browser, "liansan").open("/tickets/Q261120-0001").get_data(as_text=True)

    assert f'<a href="/media/{number}">厂门口.jpg</a>' in shown
    assert "图片（没存下来）" in shown
