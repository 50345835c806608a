"""What must stand in DNS for mail sent by a provider's servers: its SPF include, and where DKIM keys are."""

from dataclasses import dataclass

from sequencer.core.provider import is_under


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingRecords:
    """Of one provider that sends for domains of its customers (how to connect: `core/provider_table.py`)."""

    name: str
    hosts: tuple[str, ...]
    """Its SMTP servers, or the domains under which they stand."""
    includes: tuple[str, ...]
    """Any of these in an SPF record covers it; the first is the one to write."""
    selectors: tuple[str, ...] = ()
    """Where its customers' DKIM keys usually are."""


# Gathered in November 2026 from what providers and their customers publish, not all of it from the providers'
# own pages: what is missing by this table is a warning, and no key at these selectors is "unknown". The older
# includes are still in many records and lead to the same servers.
SENDING_RECORDS = (
    SendingRecords(
        name="Tencent Exmail",
        hosts=("exmail.qq.com", "smtp.qq.com"),
        includes=("spf.mail.qq.com",),
        selectors=("qq", "exmail"),
    ),
    SendingRecords(
        name="NetEase Qiye",
        hosts=("qiye.163.com", "ym.163.com", "icoremail.net"),
        includes=("spf.163.com", "spf.qiye.163.com"),
        selectors=("qiye", "163"),
    ),
    SendingRecords(
        name="Alibaba Mail",
        hosts=("mxhichina.com", "qiye.aliyun.com", "sg.aliyun.com"),
        includes=("spf.qiye.aliyun.com", "spf.mxhichina.com"),
        selectors=("aliyun",),
    ),
    SendingRecords(
        name="Google Workspace",
        hosts=("smtp.gmail.com", "smtp-relay.gmail.com"),
        includes=("_spf.google.com",),
        selectors=("google",),
    ),
    SendingRecords(
        name="Microsoft 365",
        hosts=("office365.com", "smtp-mail.outlook.com"),
        includes=("spf.protection.outlook.com",),
        selectors=("selector1", "selector2"),
    ),
    SendingRecords(
        name="Microsoft 365 (21Vianet)",
        hosts=("partner.outlook.cn",),
        includes=("spf.protection.partner.outlook.cn",),
        selectors=("selector1", "selector2"),
    ),
    SendingRecords(
        name="Zoho Mail",
        hosts=("zoho.com", "zoho.eu", "zoho.in", "zoho.com.cn"),
        includes=(
            *("zohomail.com", "zoho.com", "spf.zoho.com", "one.zoho.com"),
            *("zohomail.eu", "zoho.eu", "zohomail.in", "zoho.in", "zoho.com.cn"),
        ),
        selectors=("zmail", "zoho"),
    ),
    SendingRecords(
        name="Yandex 360",
        hosts=("smtp.yandex.ru", "smtp.yandex.com"),
        includes=("_spf.yandex.net", "_spf.yandex.ru"),
        selectors=("mail",),
    ),
    SendingRecords(
        name="Fastmail",
        hosts=("fastmail.com",),
        includes=("spf.messagingengine.com",),
        selectors=("fm1", "fm2", "fm3"),
    ),
    SendingRecords(
        name="iCloud Mail", hosts=("smtp.mail.me.com",), includes=("icloud.com",), selectors=("sig1",)
    ),
)

COMMON_SELECTORS = (
    *("default", "dkim", "mail", "google", "selector1", "selector2", "s1", "s2", "k1", "zmail", "smtp"),
    *("key1", "qq"),
)
"""Tried for every domain, since DNS cannot list the keys that a domain has."""


def sending_records_of(host: str) -> SendingRecords | None:
    """Those of the provider whose server this is; None for a server of one's own, or one we do not know."""
    return next((one for one in SENDING_RECORDS if is_under(host, one.hosts)), None)
