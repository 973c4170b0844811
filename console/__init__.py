"""The console: pages for those who would rather look than chat. A module here with a blueprint `pages` is a page."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from bot.runtime import Runtime
from console.auth import access_of
from console.failure import answer_failures
from console.key_access import KeyAccess
from console.layout import prepare_templates
from console.protection import protect

FOLDER = Path(__file__).parent


class NoAccessStated(Exception):
    """A page says nothing about who may see it; found when the service starts."""


def open_console(app: Flask, runtime: Runtime) -> None:
    """Adds the console's pages to the app; refuses to start with a page that does not say who may see it."""
    app.template_folder = str(FOLDER / "templates")
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    protect(app, runtime.settings)
    CSRFProtect(app)
    answer_failures(app)
    prepare_templates(app)
    for found in iter_modules(__path__):
        module = import_module(f"console.{found.name}")
        if hasattr(module, "pages"):
            register_page(app, module)


def register_page(app: Flask, module: ModuleType) -> None:
    """Adds one page; refuses it when it does not say who may see it."""
    access = access_of(module.pages)
    if access is None:
        raise NoAccessStated(f"{module.__name__} does not say who may see its pages")
    app.register_blueprint(module.pages)
    if isinstance(access, KeyAccess):
        # Who comes with a key brings no cookie that another site could borrow.
        app.extensions["csrf"].exempt(module.pages)
    if hasattr(module, "MENU"):
        app.extensions["menu"].append((module.MENU, access))
