"""`flask system …`: keys are shown once, listed never, and ended at once."""

import pytest

from domain.errors import DomainError
from services.outside import check_address
from tests.cli.terminal import Terminal

CODE = "hotline-96871"


def test_a_system_is_let_in_listed_without_its_key_and_ended(terminal: Terminal) -> None:
    added = terminal.flask("system", "add", CODE, "热线", "--webhook", "https://hotline.example.gov.cn/linge")
    again = terminal.flask("system", "add", CODE, "热线")
    listed = terminal.flask("system", "list")
    ended = terminal.flask("system", "disable", CODE), terminal.flask("system", "disable", CODE)
    after = terminal.flask("system", "list")

    assert added.status == 0, added.text
    key, secret = (line.split("\t")[1] for line in added.out.splitlines()[:2])
    assert key.startswith(f"{CODE}.")
    assert (again.status, "已经有了" in again.err) == (1, True)
    assert listed.out.split("\t")[:4] == [CODE, "热线", "在用", "没用过"]
    assert key not in listed.text
    assert secret not in listed.text
    assert [one.status for one in ended] == [0, 0]
    assert "已停用" in after.out


@pytest.mark.parametrize(
    "address",
    [
        "http://hotline.example.gov.cn/",
        "ftp://127.0.0.1/",
        "https://",
        "https://user:pass@example.gov.cn/",
        "https://example.gov.cn:99999/",
        "https://exam ple.gov.cn/",
        "https://[::1/",
        "hotline",
    ],
)
def test_a_webhook_that_is_not_safe_is_refused(address: str) -> None:
    with pytest.raises(DomainError, match="https://"):
        check_address(address)


def test_a_system_nobody_knows_is_said_to_be_unknown(terminal: Terminal) -> None:
    ended = terminal.flask("system", "disable", "nobody")

    assert ended.status == 1
    assert "没有编号是 nobody 的系统" in ended.err
    assert "Traceback" not in ended.text
