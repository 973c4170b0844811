"""What guards every page: the signing key, cookies, size limits, security headers, and a refusal of NUL characters."""

import hashlib
import hmac
import secrets
from pathlib import Path

from flask import Flask, Response, abort, request

from bot.kept_secret import kept_secret
from bot.settings import BadSettings, Settings

MOST_BYTES = 64 * 1024
MOST_FIELDS = 50
FORM_LASTS_SECONDS = 12 * 3600

# No script, font, picture or frame from elsewhere, and no inline script or style at all.
CONTENT_POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def protect(app: Flask, settings: Settings) -> None:
    """Sets up everything that is the same for all pages."""
    is_https = settings.address.startswith("https://")
    app.config.update(
        SECRET_KEY=signing_key(settings, Path(app.root_path) / "var"),
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        MAX_FORM_PARTS=MOST_FIELDS,
        SESSION_COOKIE_NAME="__Host-linge-form" if is_https else "linge-form",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=FORM_LASTS_SECONDS,
    )
    headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if is_https else {})

    @app.before_request
    def refuse_nul() -> None:
        try:
            given = (request.path, *_given())
        except UnicodeDecodeError:
            abort(400)  # bytes in the query that are no text
        # PostgreSQL cannot store it, and nobody means it.
        if any("\0" in value for value in given):
            abort(400)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def signing_key(settings: Settings, folder: Path) -> bytes:
    """The key that signs form tokens: the one that is set, or one that all processes of the service share.

    With SQLite there is one machine, and the key is made in its folder; otherwise it is derived from the callback's
    key, which every machine has. Refuses to start with neither.
    """
    if settings.secret_key:
        return settings.secret_key.get_secret_value().encode()
    if settings.database_url.startswith("sqlite:"):
        return kept_secret(folder / "secret_key", secrets.token_hex(32))
    if settings.wecom_aes_key is None:
        raise BadSettings("SECRET_KEY 没有设置：应当是 至少 16 个字符的随机串")
    shared = settings.wecom_aes_key.get_secret_value().encode()
    return hmac.digest(shared, b"linge console", hashlib.sha256)


def _given() -> list[str]:
    values = [*request.args.values(), *request.args.keys()]
    return [*values, *request.form.values(), *request.form.keys()] if request.method == "POST" else values
