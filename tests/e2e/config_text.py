"""The config.toml of end-to-end workspaces: always open, no gaps, servers on loopback."""

HEAD = """
me = "wang"
default_zone = "Europe/Lisbon"
only_to = ["*@luso.example", "*@muster.example"]
[limits]
poll_every = "1s"
{limits}
[notices]
mail = false
digest_at = ""
[sender]
company = "Harbour Tools Co., Ltd."
postal_address = "88 Harbour Road, Ningbo, China"
[windows.buyer]
zone = "buyer"
hours = ["00:00-24:00"]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
holidays = "none"
[[reps]]
name = "wang"
full_name = "Wang Lei"
email = "wang@firm.example"
mailboxes = [{mailboxes}]
signature = "Wang Lei"
"""

MAILBOX = """
[[mailboxes]]
name = "{name}"
address = "{name}@firm.example"
display_name = "{name}"
min_gap = "0s"
gap_jitter = "0s"
[mailboxes.smtp]
host = "127.0.0.1"
port = {smtp_port}
security = "{security}"
username = "{name}@firm.example"
password = "env:TEST_PASSWORD"
ca_file = "{ca_file}"
[mailboxes.imap]
host = "127.0.0.1"
port = {imap_port}
security = "none"
username = "{name}"
password = "env:TEST_PASSWORD"
"""
