"""The console's own style sheet and icon: everything a page loads comes from here."""

from flask import Blueprint

from console.auth import PUBLIC

ONE_YEAR_SECONDS = 365 * 24 * 3600

pages = Blueprint("assets", __name__, static_folder="static", static_url_path="/static")
pages.before_request(PUBLIC)
pages.get_send_file_max_age = lambda filename: ONE_YEAR_SECONDS  # type: ignore[method-assign]  # Flask's hook; addresses change with the content
