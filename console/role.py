"""Who holds which role, for the security administrator."""

from flask import Blueprint, render_template

from console.auth import only, visit
from console.layout import MenuEntry
from models.person import Role
from services.sight import holders_of_roles

MENU = MenuEntry("角色", "role.show", 50)

pages = Blueprint("role", __name__)
pages.before_request(only(Role.SECURITY_ADMIN))


@pages.get("/operations/roles")
def show() -> str:
    """Everybody with more rights than a member."""
    return render_template("roles.html", holders=holders_of_roles(visit().session))
