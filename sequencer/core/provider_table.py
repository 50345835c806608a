"""How to connect to the mail providers that `provider = "…"` names, each with the page it was read on."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from sequencer.core.provider import Endpoint, FolderNames, Provider, SendingLimits

READ_ON = date(2026, 11, 22)
"""When stored copies of the pages in `READ` were last compared with this table."""

_AT_GOOGLE = "turn 2-Step Verification on, make an app password at myaccount.google.com/apppasswords"
_EXCHANGE = "https://learn.microsoft.com/en-us/exchange/troubleshoot/send-emails/smtp-submission-improvements"
_MICROSOFT = "https://support.microsoft.com/en-us/office"
_NETEASE_ON_ID = (
    "https://help.mail.163.com/faqDetail.do"
    "?code=d7a5dc8471cd0c0e8b4b8f4f8e49998b374173cfe9171305fa1ce630d7f67ac2eda07326646e6eb0"
)
_TENCENT_FOLDERS = FolderNames(sent="Sent Messages", junk="Junk", trash="Deleted Messages")
_GOOGLE_FOLDERS = FolderNames(sent="[Gmail]/Sent Mail", junk="[Gmail]/Spam", trash="[Gmail]/Trash")
_MICROSOFT_FOLDERS = FolderNames(sent="Sent Items", junk="Junk Email", trash="Deleted Items")


def _tls(protocol: str, domain: str) -> Endpoint:
    port = 465 if protocol.startswith("smtp") else 993
    return Endpoint(host=f"{protocol}.{domain}", port=port, security="tls")


# Order decides where two share a domain: exmail.qq.com comes before qq.com, and the first of two providers
# with the same hosts speaks for mailboxes that name none.
_ROWS = (
    Provider(
        key="exmail",
        title="Tencent Exmail",
        smtp=_tls("smtp", "exmail.qq.com"),
        imap=_tls("imap", "exmail.qq.com"),
        hosts=("exmail.qq.com",),
        folders=_TENCENT_FOLDERS,
        login_hint=(
            "Tencent Exmail wants a client-specific password (客户端专用密码) once secure login is on: "
            "webmail → Settings → Mailbox binding (设置 → 邮箱绑定) → make one, and switch IMAP/SMTP on"
        ),
        imap_hint=(
            "switch IMAP/SMTP on: webmail → Settings → Send/receive (设置 → 收发信设置); if it is missing, "
            "the administrator allows it in the WeCom console"
        ),
        source="https://service.exmail.qq.com/",
    ),
    Provider(
        key="qq",
        title="QQ Mail",
        smtp=_tls("smtp", "qq.com"),
        imap=_tls("imap", "qq.com"),
        hosts=("qq.com", "foxmail.com"),
        folders=_TENCENT_FOLDERS,
        login_hint=(
            "QQ Mail wants its authorization code (授权码), not the QQ password: webmail → Settings → "
            "Account (设置 → 账号) → switch IMAP/SMTP on, make a code"
        ),
        imap_hint="switch IMAP/SMTP on: webmail → Settings → Account (设置 → 账号); it starts off",
        source="https://service.mail.qq.com/cgi-bin/help?subtype=1&&id=28&&no=1001256",
    ),
    Provider(
        key="163",
        title="163",
        smtp=_tls("smtp", "163.com"),
        imap=_tls("imap", "163.com"),
        hosts=("163.com", "126.com", "yeah.net", "188.com", "netease.com"),
        needs_id=True,
        can_idle=False,  # smiley22/S22.Imap#167
        folders=FolderNames(sent="已发送", junk="垃圾邮件", trash="已删除"),
        login_hint=(
            "163 wants its authorization code (授权码), not the web password: webmail → Settings → "
            "POP3/SMTP/IMAP (设置 → POP3/SMTP/IMAP) → switch IMAP/SMTP on, make a code"
        ),
        imap_hint=(
            "switch IMAP/SMTP on: webmail → Settings → POP3/SMTP/IMAP (设置 → POP3/SMTP/IMAP); it starts off"
        ),
        source=_NETEASE_ON_ID,
    ),
    Provider(
        key="aliyun",
        title="Aliyun Mail",
        smtp=_tls("smtp", "qiye.aliyun.com"),
        imap=_tls("imap", "qiye.aliyun.com"),
        hosts=("aliyun.com", "mxhichina.com"),
        folders=FolderNames(sent="已发送", junk="垃圾邮件", trash="已删除邮件"),
        login_hint=(
            "Aliyun Mail wants a client security password (三方客户端安全密码) where it is switched on: "
            "webmail → Settings → Account security (设置 → 账户安全); the administrator allows other mail "
            "programs"
        ),
        imap_hint=(
            "let the administrator allow other mail programs (三方客户端) for this mailbox: new accounts "
            "start without"
        ),
        source="https://help.aliyun.com/document_detail/36687.html",
    ),
    Provider(
        key="gmail",
        title="Gmail",
        smtp=_tls("smtp", "gmail.com"),
        imap=_tls("imap", "gmail.com"),
        hosts=("gmail.com", "googlemail.com"),
        folders=_GOOGLE_FOLDERS,
        files_sent=True,
        limits=SendingLimits(
            per_day=500,
            source="https://support.google.com/mail/answer/22839",
        ),
        login_hint=f"Gmail wants an app password, not the Google password: {_AT_GOOGLE}",
        imap_hint="switch IMAP on: Gmail → Settings → Forwarding and POP/IMAP",
        source="https://developers.google.com/gmail/imap/imap-smtp",
    ),
    Provider(
        key="workspace",
        title="Google Workspace",
        smtp=_tls("smtp", "gmail.com"),
        imap=_tls("imap", "gmail.com"),
        hosts=(),
        folders=_GOOGLE_FOLDERS,
        files_sent=True,
        limits=SendingLimits(
            per_day=2000,
            recipients_per_message=100,
            is_ceiling=True,
            source="https://support.google.com/a/answer/166852",
        ),
        login_hint=(
            f"Google Workspace wants an app password, not the Google password: {_AT_GOOGLE}; "
            "if that page is missing, the administrator allows it"
        ),
        imap_hint=(
            "let the administrator switch IMAP on (Admin console → Apps → Google Workspace → Gmail → "
            "End User Access)"
        ),
        source="https://developers.google.com/gmail/imap/imap-smtp",
    ),
    Provider(
        key="microsoft365",
        title="Microsoft 365",
        smtp=Endpoint(host="smtp.office365.com", port=587, security="starttls"),
        imap=Endpoint(host="outlook.office365.com", port=993, security="tls"),
        hosts=("office365.com",),
        folders=_MICROSOFT_FOLDERS,
        files_sent=True,
        limits=SendingLimits(
            per_day=10_000,
            is_ceiling=True,
            source=_EXCHANGE,
        ),
        login_hint=(
            "Microsoft 365 takes no password over IMAP any more, and over SMTP only where an administrator "
            "still allows it: log in with OAuth2 (sequencer mailboxes login)"
        ),
        imap_hint="let the administrator switch IMAP on for this mailbox (Exchange admin center)",
        source=_EXCHANGE,
    ),
    Provider(
        key="outlook",
        title="Outlook.com",
        smtp=Endpoint(host="smtp-mail.outlook.com", port=587, security="starttls"),
        imap=Endpoint(host="outlook.office365.com", port=993, security="tls"),
        hosts=("outlook.com", "hotmail.com", "live.com"),
        limits=SendingLimits(
            per_day=5000,
            recipients_per_message=500,
            is_ceiling=True,
            source=f"{_MICROSOFT}/279ee200-594c-40f0-9ec8-bb6af7735c2e",
        ),
        login_hint=(
            "Outlook.com takes no passwords from mail programs any more: log in with OAuth2 "
            "(sequencer mailboxes login)"
        ),
        imap_hint="switch IMAP on: Outlook.com → Settings → Mail → Forwarding and IMAP; it starts off",
        source=f"{_MICROSOFT}/8361e398-8af4-4e97-b147-6c6c4ac95353",
    ),
    Provider(
        key="zoho",
        title="Zoho Mail",
        smtp=_tls("smtppro", "zoho.com"),
        imap=_tls("imappro", "zoho.com"),
        hosts=("zoho.com", "zoho.eu", "zoho.in", "zoho.jp", "zoho.com.au", "zoho.com.cn", "zoho.sa"),
        folders=FolderNames(sent="Sent", junk="Spam", trash="Trash"),
        login_hint=(
            "Zoho wants an application-specific password where two-factor login is on (Zoho account → "
            "Security → App passwords); accounts of another region have its hosts, such as imappro.zoho.eu"
        ),
        imap_hint=(
            "switch IMAP on: Zoho Mail → Settings → Mail accounts → IMAP; the administrator may have to "
            "allow it"
        ),
        source="https://www.zoho.com/mail/help/imap-access.html",
    ),
    Provider(
        key="yandex",
        title="Yandex Mail",
        smtp=_tls("smtp", "yandex.com"),
        imap=_tls("imap", "yandex.com"),
        hosts=("yandex.com", "yandex.ru", "yandex.net"),
        limits=SendingLimits(
            per_day=500,
            recipients_per_message=35,
            source="https://yandex.com/support/mail/web/letter/create/send-many-letters.html",
        ),
        login_hint=(
            "Yandex wants an app password of the kind Mail, not the account's (Yandex ID → Security → App "
            "passwords), and IMAP switched on: Yandex Mail → Settings → Email clients"
        ),
        imap_hint="switch IMAP on: Yandex Mail → Settings → Email clients",
        source="https://yandex.com/support/passport/authorization/app-passwords.html",
    ),
)

PROVIDERS: Mapping[str, Provider] = MappingProxyType({row.key: row for row in _ROWS})
"""By the name that config.toml uses."""

READ = frozenset(
    {
        PROVIDERS["aliyun"].source,
        PROVIDERS["gmail"].source,
        PROVIDERS["workspace"].limits.source,
        PROVIDERS["microsoft365"].source,
        PROVIDERS["outlook"].source,
        PROVIDERS["outlook"].limits.source,
        PROVIDERS["yandex"].source,
        PROVIDERS["yandex"].limits.source,
    }
)
"""Pages that could be read; the others are named for people, and nothing becomes a fault by them."""
