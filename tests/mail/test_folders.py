"""Which folders are read, in which role and order."""

import pytest
from imapclient.imap_utf7 import encode

from sequencer.core.ports import FolderRole
from sequencer.mail.folders import (
    Listed,
    Namespaces,
    folders_to_read,
    mend_for_missing,
    readable_name,
    role_of,
    sent_folder,
)


def listed(name: str, *flags: str, delimiter: str | None = "/") -> Listed:
    return Listed(wire=bytes(encode(name)), delimiter=delimiter, flags=frozenset(flags))


def names(*folders: Listed, ignored: tuple[str, ...] = (), is_gmail: bool = False) -> list[str]:
    return [folder.name for folder in folders_to_read(folders, ignored, is_gmail=is_gmail)]


@pytest.mark.parametrize(
    "name",
    [
        "Drafts", "草稿箱", "下書き", "Entwürfe", "Brouillons", "Borradores", "Rascunhos", "Bozze",
        "Черновики", "Taslaklar", "Concepten", "Utkast", "Szkice",
        "Trash", "Deleted Items", "Deleted Messages", "已删除", "已删除邮件", "ゴミ箱", "휴지통",
        "Papierkorb", "Gelöschte Elemente", "Corbeille", "Papelera", "Lixeira", "Cestino", "Корзина",
        "Çöp Kutusu", "Prullenbak", "INBOX.Trash", "INBOX.已删除", "DRAFTS",
    ],
)  # fmt: skip
def test_drafts_and_trash_are_not_read_under_any_of_their_names(name: str) -> None:
    delimiter = "." if name.startswith("INBOX.") else "/"
    assert names(listed("INBOX"), listed(name, delimiter=delimiter)) == ["INBOX"]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("inbox", FolderRole.INBOX),
        ("Sent", FolderRole.SENT),
        ("Sent Messages", FolderRole.SENT),
        ("已发送", FolderRole.SENT),
        ("寄件備份", FolderRole.SENT),
        ("送信済みアイテム", FolderRole.SENT),
        ("보낸편지함", FolderRole.SENT),
        ("Gesendete Elemente", FolderRole.SENT),
        ("Éléments envoyés", FolderRole.SENT),
        ("E\u0301le\u0301ments envoye\u0301s", FolderRole.SENT),
        ("Elementos enviados", FolderRole.SENT),
        ("Itens enviados", FolderRole.SENT),
        ("Posta inviata", FolderRole.SENT),
        ("Отправленные", FolderRole.SENT),
        ("Gönderilmiş Öğeler", FolderRole.SENT),
        ("Junk E-mail", FolderRole.JUNK),
        ("垃圾邮件", FolderRole.JUNK),
        ("Спам", FolderRole.JUNK),
        ("Customers/Sent", FolderRole.OTHER),
        ("Archive", FolderRole.OTHER),
        ("其他文件夹", FolderRole.OTHER),
    ],
)
def test_a_role_is_known_by_name_where_the_server_does_not_say_it(name: str, role: FolderRole) -> None:
    assert role_of(listed(name)) is role


SENT_IN = {
    "en": ("Sent", "Sent Items", "Sent Messages", "Sent Mail", "SENT"),
    "zh-CN": ("已发送", "已发送邮件", "已发邮件", "已发送消息"),
    "zh-TW": ("寄件備份", "已傳送郵件", "已傳送的郵件", "已寄郵件"),
    "es": ("Enviados", "Elementos enviados", "Mensajes enviados", "Correo enviado"),
    "pt": ("Enviados", "Itens enviados", "Mensagens enviadas", "Correio enviado"),
    "fr": ("Envoyés", "Éléments envoyés", "Messages envoyés", "Objets envoyés", "Courrier envoyé"),
    "de": ("Gesendet", "Gesendete Elemente", "Gesendete Objekte", "Gesendete Nachrichten"),
    "it": ("Inviati", "Posta inviata", "Elementi inviati", "Messaggi inviati"),
    "ru": ("Отправленные", "Отправленные сообщения"),
    "ja": ("送信済み", "送信済みアイテム", "送信済みメール", "送信済みトレイ"),
    "ko": ("보낸편지함", "보낸 편지함", "보낸 메일함", "보낸메일함"),
    "pl": ("Wysłane", "Elementy wysłane", "Wysłane wiadomości"),
    "tr": ("Gönderilenler", "Gönderilmiş Öğeler", "Gönderilen Öğeler"),
    "nl": ("Verzonden", "Verzonden items", "Verzonden berichten"),
}


@pytest.mark.parametrize(
    ("name", "parent"),
    [(name, parent) for names in SENT_IN.values() for name in names for parent in ("", "INBOX.", "[Gmail]/")],
)
def test_sent_is_known_by_name_in_many_languages(name: str, parent: str) -> None:
    folder = listed(f"{parent}{name}", delimiter="." if parent == "INBOX." else "/")
    assert role_of(folder) is FolderRole.SENT
    assert sent(listed("INBOX"), listed("Customers"), folder) == f"{parent}{name}"


def test_special_use_decides_over_names() -> None:
    folders = [
        listed("INBOX"),
        listed("Papers", "\\drafts"),
        listed("Old", "\\trash", "\\hasnochildren"),
        listed("Out", "\\sent"),
        listed("Rubbish", "\\junk"),
    ]
    assert names(*folders) == ["INBOX", "Rubbish", "Out"]
    assert [role_of(folder) for folder in folders[3:]] == [FolderRole.SENT, FolderRole.JUNK]


def test_a_users_own_folder_named_like_a_standard_one_is_read() -> None:
    assert names(listed("INBOX"), listed("Customers/Deleted"), listed("Customers/Drafts")) == [
        "INBOX",
        "Customers/Deleted",
        "Customers/Drafts",
    ]


def test_what_lies_below_trash_or_an_ignored_folder_is_not_read() -> None:
    folders = [listed(name) for name in ("INBOX", "Trash", "Trash/2024", "News", "News/Daily", "Newsroom")]
    assert names(*folders, ignored=("news",)) == ["INBOX", "Newsroom"]


def test_the_inbox_cannot_be_ignored() -> None:
    assert names(listed("INBOX"), listed("INBOX.Clients", delimiter="."), ignored=("inbox",)) == [
        "INBOX",
        "INBOX.Clients",
    ]


def test_folders_that_cannot_be_opened_are_not_read() -> None:
    assert names(listed("INBOX"), listed("[Gmail]", "\\noselect"), listed("Gone", "\\nonexistent")) == [
        "INBOX"
    ]


def test_the_inbox_is_read_even_where_the_server_does_not_list_it() -> None:
    assert names() == ["INBOX"]
    assert names(listed("Customers")) == ["INBOX", "Customers"]


GMAIL = (
    listed("INBOX"),
    listed("Customers"),
    listed("[Gmail]/Sent Mail", "\\sent"),
    listed("[Gmail]/Spam", "\\junk"),
    listed("[Gmail]/Trash", "\\trash"),
)


def test_on_gmail_all_mail_and_spam_are_enough() -> None:
    all_mail = listed("[Gmail]/Tous les messages", "\\all")
    assert names(*GMAIL, all_mail, is_gmail=True) == ["[Gmail]/Tous les messages", "[Gmail]/Spam"]


def test_on_gmail_with_all_mail_hidden_everything_is_read() -> None:
    assert names(*GMAIL, is_gmail=True) == ["INBOX", "[Gmail]/Spam", "[Gmail]/Sent Mail", "Customers"]


def test_elsewhere_a_folder_of_all_mail_replaces_nothing() -> None:
    assert names(listed("INBOX"), listed("All", "\\all"), listed("Customers")) == [
        "INBOX",
        "All",
        "Customers",
    ]


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        (b"&XfJZBHQG-", "已处理"),
        (b"R&D", "R&D"),
        (b"R&-D", "R&D"),
        (b"a&b-c", "a&b-c"),
        ("已处理".encode(), "已处理"),
        (b"caf\xe9", "café"),
        (b"InBox", "INBOX"),
        (b"&", "&"),
    ],
)
def test_a_name_is_read_as_modified_utf7_or_shown_as_it_stands(wire: bytes, name: str) -> None:
    assert readable_name(wire) == name


def test_a_configured_folder_that_is_not_there_is_told_with_those_that_are() -> None:
    there = [listed("INBOX"), listed("Archive"), listed("已处理")]
    assert mend_for_missing("archive", there) is None
    assert mend_for_missing("已处理", there) is None
    assert mend_for_missing("Archiv", there) == "did you mean Archive?"
    assert mend_for_missing("Newsletters", there) == "there are Archive, INBOX, 已处理"
    many = [listed(f"Kunde {number:02d}") for number in range(15)]
    told = mend_for_missing("Newsletters", many)
    assert told is not None
    assert told.startswith("there are Kunde 00, Kunde 01")
    assert told.endswith("Kunde 11 and 3 more")


def sent(*folders: Listed, configured: str | None = None, learnt: str | None = None) -> str | None:
    found = sent_folder(folders, configured, learnt)
    return found.name if found else None


@pytest.mark.parametrize(
    ("configured", "learnt", "expected"),
    [
        (None, None, "Ausgang"),
        ("verschickt", None, "Verschickt"),
        ("Missing", None, None),
        (None, "Sent Items", "Ausgang"),
    ],
)
def test_copies_go_where_the_user_says_then_where_the_server_marks(
    configured: str | None, learnt: str | None, expected: str | None
) -> None:
    folders = (
        listed("INBOX"),
        listed("Sent Items"),
        listed("Ausgang", "\\sent"),
        listed("Verschickt"),
        listed("Sent", "\\noselect"),
    )
    assert sent(*folders, configured=configured, learnt=learnt) == expected


def test_of_several_usual_names_the_one_known_from_earlier_is_taken() -> None:
    folders = (listed("INBOX"), listed("Sent"), listed("Sent Messages"))
    assert sent(*folders) == "Sent"
    assert sent(*folders, learnt="Sent Messages") == "Sent Messages"
    assert sent(listed("INBOX"), listed("Post out"), learnt="Post out") == "Post out"
    assert sent(listed("INBOX"), listed("Customers"), listed("Customers/Sent")) is None


def test_a_sent_folder_that_the_user_names_is_read_as_one() -> None:
    found = folders_to_read([listed("INBOX"), listed("Verschickt")], (), is_gmail=False, sent="verschickt")
    assert [folder.role for folder in found] == [FolderRole.INBOX, FolderRole.SENT]


BESIDE_SENT = {
    "en": ("Junk Email", "Drafts", "Deleted Items"),
    "zh-CN": ("垃圾邮件", "草稿箱", "已删除"),
    "zh-TW": ("垃圾郵件", "草稿匣", "刪除的郵件"),
    "ja": ("迷惑メール", "下書き", "ゴミ箱"),
    "ko": ("스팸메일함", "임시보관함", "휴지통"),
    "de": ("Unerwünscht", "Entwürfe", "Gelöschte Elemente"),
    "fr": ("Courrier indésirable", "Brouillons", "Corbeille"),
    "es": ("Correo no deseado", "Borradores", "Papelera"),
    "pt": ("Lixo eletrônico", "Rascunhos", "Lixeira"),
    "it": ("Posta indesiderata", "Bozze", "Cestino"),
    "ru": ("Спам", "Черновики", "Удалённые"),
    "tr": ("Önemsiz E-posta", "Taslaklar", "Çöp Kutusu"),
    "nl": ("Ongewenste e-mail", "Concepten", "Prullenbak"),
    "pl": ("Niechciana poczta", "Szkice", "Kosz"),
}


@pytest.mark.parametrize(("junk", "drafts", "trash"), BESIDE_SENT.values(), ids=BESIDE_SENT.keys())
def test_junk_is_read_and_drafts_and_trash_are_not_in_each_language(
    junk: str, drafts: str, trash: str
) -> None:
    found = folders_to_read([listed(name) for name in ("INBOX", junk, drafts, trash)], (), is_gmail=False)
    assert [(folder.name, folder.role) for folder in found] == [
        ("INBOX", FolderRole.INBOX),
        (junk, FolderRole.JUNK),
    ]


def test_where_folders_stand_among_the_namespaces() -> None:
    places = Namespaces(own=(b"", b"mail/"), foreign=(b"Other Users/", b"Public/"))
    names = ("mail/Sent", "Other Users/chen/Sent", "Public", "Publications", "INBOX")
    placed = [places.placed(listed(name)) for name in names]
    assert [one.is_foreign for one in placed] == [False, True, True, False, False]
    assert [role_of(one) for one in placed[:2]] == [FolderRole.SENT, FolderRole.OTHER]
