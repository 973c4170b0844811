"""A picture or file that somebody sent, for those who may see its case; every look is noted."""

from flask import Blueprint, Response, abort, send_file

from console.auth import SIGNED_IN, runtime, visit
from console.layout import LARGEST_ID
from domain.media_type import SHOWN
from models.engine import writing
from services import audit
from services.ticket.media import visible_file

# Should a browser read it as a page after all, it can do nothing there.
CONTENT_POLICY = "default-src 'none'; img-src 'self'; frame-ancestors 'none'; sandbox"

pages = Blueprint("media", __name__)
pages.before_request(SIGNED_IN)


@pages.get(f"/media/<int(max={LARGEST_ID}):file_id>")
def show(file_id: int) -> Response:
    """The file itself: our own pictures to look at, everything else to be saved; 404 for whoever may not see it."""
    me = visit()
    found = visible_file(me.session, file_id, by=me.person, roles=me.roles, now=me.now)
    path = runtime().media.find(found.path) if found is not None else None
    if found is None or path is None:
        abort(404)
    with writing(runtime().engine) as session:
        audit.record(session, "media.look", f"media:{file_id}", by=me.person.account, now=me.now)
    response = send_file(
        path,
        mimetype=found.content_type,
        as_attachment=found.content_type not in SHOWN,
        download_name=found.filename,
        conditional=False,
        etag=False,
    )
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
