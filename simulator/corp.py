"""The simulated corp and its self-built apps."""

from dataclasses import dataclass, field


@dataclass
class Corp:
    """A corp; `contact_secret` is the 通讯录同步 secret, `account_ceiling` sets the daily message quota of an app."""

    corp_id: str = "wwsimulated000001"
    name: str = "邻格县（示例）"
    contact_secret: str = "simulated-contact-secret"  # noqa: S105 - an invented secret of an invented corp
    account_ceiling: int = 100_000


@dataclass
class App:
    """A self-built app: its credentials, its callback configuration and what it may see."""

    agentid: int = 1000002
    name: str = "邻格"
    secret: str = "simulated-secret"  # noqa: S105 - an invented secret of an invented app
    token: str = "okrtoken01"  # noqa: S105 - an invented token of an invented app
    aes_key: str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    visible_departments: set[int] = field(default_factory=lambda: {1})
    visible_users: set[str] = field(default_factory=set)
    trusted_domains: set[str] | None = None
    """Hosts a sign-in may return to; None trusts every host."""
