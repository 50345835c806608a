"""Names that servers and mail programs give to Sent, Junk, Drafts and Trash where SPECIAL-USE is missing.

Collected from the localised folders of Outlook, Apple Mail, Thunderbird, Tencent, NetEase, Aliyun, Yandex and
other common products. A name missing here costs little (the folder is read); a wrong one hides mail, so
ambiguous ones (垃圾箱, Lixo, Archive) stay out.
"""

import unicodedata


def _names(text: str) -> frozenset[str]:
    return frozenset(
        unicodedata.normalize("NFC", name).casefold().strip()
        for line in text.splitlines()
        for name in line.split("|")
        if name.strip()
    )


SENT = _names("""
    Sent | Sent Items | Sent Messages | Sent Mail | Sent-Mail | Sent Objects | Sent Email | Sent-Items
    已发送 | 已发送邮件 | 已发邮件 | 已发送消息 | 已发信息 | 寄件備份 | 寄件備份匣 | 已傳送郵件 | 已傳送的郵件
    已傳送 | 已寄出 | 已寄郵件 | 寄件匣備份
    送信済み | 送信済みアイテム | 送信済みメール | 送信済みトレイ | 送信控え
    보낸편지함 | 보낸 편지함 | 보낸 메일함 | 보낸메일함 | 보낸 항목 | 보낸 메시지
    Gesendet | Gesendete Elemente | Gesendete Objekte | Gesendete Nachrichten | Gesendete Mails
    Gesendete E-Mails
    Envoyés | Messages envoyés | Éléments envoyés | Objets envoyés | Courrier envoyé | Courriers envoyés
    Mails envoyés
    Enviados | Elementos enviados | Mensajes enviados | Correo enviado | Correos enviados
    Itens enviados | Enviadas | Mensagens enviadas | Correio enviado | E-mails enviados
    Inviati | Inviata | Posta inviata | Elementi inviati | Messaggi inviati
    Verzonden | Verzonden items | Verzonden berichten | Verzonden objecten
    Skickat | Skickade | Skickade objekt | Skickade meddelanden
    Sendt | Sendt post | Sendte elementer | Sendt e-mail | Sendt e-post | Lähetetyt | Lähetetyt kohteet
    Wysłane | Elementy wysłane | Wysłane wiadomości
    Odeslané | Odeslaná pošta | Odoslané | Odoslaná pošta
    Elküldött | Elküldött elemek | Trimise | Elemente trimise | Изпратени | Poslano
    Отправленные | Отправленные письма | Отправленные сообщения | Надіслані
    Gönderilenler | Gönderilen | Gönderilmiş | Gönderilmiş Öğeler | Gönderilen Öğeler | Gönderilmiş Postalar
    العناصر المرسلة | المرسل | البريد المرسل | פריטים שנשלחו | דואר שנשלח | Απεσταλμένα
    รายการที่ส่ง | จดหมายที่ส่งแล้ว | Đã gửi | Thư đã gửi | Terkirim | Item Terkirim
""")

JUNK = _names("""
    Junk | Junk Email | Junk E-mail | Junk Mail | Spam | Bulk | Bulk Mail | 垃圾邮件 | 垃圾郵件
    迷惑メール | 스팸메일함 | 스팸 | 정크 메일 | Junk-E-Mail | Spamverdacht | Unerwünscht
    Unerwünschte Werbung
    Courrier indésirable | Indésirables | Pourriel | Correo no deseado | Lixo eletrônico
    Lixo eletrónico
    Posta indesiderata | Indesiderata | Ongewenst | Ongewenste e-mail | Skräppost | Søppelpost
    Uønsket e-post
    Uønsket mail | Roskaposti | Niechciana poczta | Wiadomości-śmieci | Nevyžádaná pošta
    Levélszemét
    Спам | Нежелательная почта | Небажана пошта | Önemsiz | Önemsiz E-posta | Istenmeyen
    البريد العشوائي | البريد غير الهام | דואר זבל | Ανεπιθύμητα | จดหมายขยะ | Thư rác | Email sampah
""")

DRAFTS = _names("""
    Drafts | Draft | 草稿箱 | 草稿 | 草稿匣 | 下書き | 임시보관함 | 임시 보관함 | Entwürfe | Entwurf
    Brouillons
    Borradores | Rascunhos | Bozze | Concepten | Utkast | Kladder | Kladde | Luonnokset | Szkice
    Wersje robocze
    Kopie robocze | Koncepty | Rozepsané | Piszkozatok | Ciorne | Schițe | Чернови | Черновики
    Чернетки
    Taslaklar | المسودات | مسودات | טיוטות | Πρόχειρα | แบบร่าง | ฉบับร่าง | Thư nháp | Bản nháp
    Draf | Konsep
""")

TRASH = _names("""
    Trash | Deleted | Deleted Items | Deleted Messages | Bin | Rubbish | Wastebasket
    已删除 | 已删除邮件 | 已刪除 | 已刪除郵件 | 刪除的郵件 | 废件箱 | 垃圾桶 | 回收站
    ゴミ箱 | 削除済みアイテム | 휴지통 | 지운편지함 | 지운 편지함
    Papierkorb | Gelöscht | Gelöschte Elemente | Gelöschte Objekte
    Corbeille | Éléments supprimés | Messages supprimés | Papelera | Papelera de reciclaje
    Elementos eliminados
    Eliminados | Lixeira | Itens excluídos | Itens eliminados | Cestino | Posta eliminata
    Elementi eliminati
    Prullenbak | Verwijderde items | Papperskorgen | Borttaget | Borttagna objekt | Papirkurv
    Slettet post
    Slettede elementer | Roskakori | Poistetut | Poistetut kohteet | Kosz | Elementy usunięte
    Koš | Odstraněná pošta | Kôš | Odstránená pošta | Kuka | Törölt elemek | Coș de gunoi
    Elemente șterse
    Кошче | Корзина | Удаленные | Удалённые | Удаленные элементы | Кошик | Видалені | Çöp Kutusu
    Çöp
    Silinmiş Öğeler | سلة المهملات | العناصر المحذوفة | פריטים שנמחקו | אשפה | Κάδος απορριμμάτων
    Διαγραμμένα
    ถังขยะ | รายการที่ลบ | Thùng rác | Sampah | Item Terhapus
""")
