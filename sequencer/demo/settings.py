"""The firm of the demo: two reps, their mailboxes, and the config.toml that names them."""

from collections.abc import Mapping
from dataclasses import dataclass

PASSWORD_FILE = "demo-password"  # noqa: S105  (a file's name)
PASSWORD = "only-on-this-machine"  # noqa: S105  (of a server that lives as long as the demo)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRep:
    """One of the firm's reps, with a mailbox of the same name."""

    name: str
    full_name: str
    address: str


REPS = (
    DemoRep(name="li", full_name="Li Wei", address="li.wei@harbour-tools.example"),
    DemoRep(name="wang", full_name="Wang Fang", address="wang.fang@harbour-tools.example"),
)
ACCOUNTS: Mapping[str, str] = {rep.address: PASSWORD for rep in REPS}
"""Address → password of each mailbox at the demo's mail host."""

_FIRM = """\
# The workspace of a demo. Its mail servers lived in the demo's own process and are gone: to go on with this
# folder, write your own mailboxes below; to look around, `status`, `report` and `inbox list` need no server.
me = "li"
default_zone = "Asia/Shanghai"

[sender]
company = "Harbour Tools Co., Ltd."
postal_address = "88 Harbour Road, Beilun, Ningbo 315800, China"
website = "https://www.harbour-tools.example"

[notices]
mail = false          # the demo tells its story itself
digest_at = ""

[windows.buyer]
zone = "buyer"
hours = ["09:00-12:00", "13:30-17:00"]
"""
_REP = """
[[reps]]
name = "{name}"
full_name = "{full_name}"
email = "{address}"
mailboxes = ["{name}"]
title = "Export Manager"
phone = "+86 574 5550 0188"
signature = \"\"\"
{full_name}
Export Manager, Harbour Tools Co., Ltd.
+86 574 5550 0188
\"\"\"

[[mailboxes]]
name = "{name}"
address = "{address}"
save_sent = "never"   # nobody looks into the Sent folder of a demo; take the line away for a mailbox of yours

[mailboxes.smtp]
host = "127.0.0.1"
port = {smtp_port}
security = "none"
username = "{address}"
password = "file:{password_file}"

[mailboxes.imap]
host = "127.0.0.1"
port = {imap_port}
security = "none"
username = "{address}"
password = "file:{password_file}"
"""


def config_text(*, smtp_port: int, imap_port: int) -> str:
    """The demo's config.toml, with its servers at these ports of this machine."""
    reps = (
        _REP.format(
            name=rep.name,
            full_name=rep.full_name,
            address=rep.address,
            smtp_port=smtp_port,
            imap_port=imap_port,
            password_file=PASSWORD_FILE,
        )
        for rep in REPS
    )
    return _FIRM + "".join(reps)
