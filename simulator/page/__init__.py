"""The simulator's chat page: what a person sees on a phone in WeCom, as one HTML page and its static files."""

from flask import Blueprint, Response

page = Blueprint("page", __name__, static_folder="static", static_url_path="/page")

# Pictures may also come from this machine's other ports: a card's picture lives on the service, not on the simulator.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self'; "
    "img-src 'self' http://127.0.0.1:* http://localhost:*; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@page.get("/")
def show() -> Response:
    """The chat page; everything on it comes from /sim/* afterwards."""
    return page.send_static_file("index.html")


@page.after_request
def restrict(response: Response) -> Response:
    """Let the page run only its own scripts and styles, whatever text a message carries."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
