"""Refusals in the languages of providers and of Exchange, by the reason they tell of."""

ABROAD: tuple[tuple[str, str], ...] = (
    (
        "mailboxfull",
        r"邮箱(?:空间)?(?:已满|不足|超限)|信箱(?:已滿|空間不足)|(?:空间|空間|容量)不足|メールボックス.{0,12}(?:いっぱい|容量)|"
        r"容量.{0,8}超え|메일함.{0,10}(?:가득|초과)|용량.{0,8}초과|ящик.{0,40}переполнен|скринька.{0,40}переповнен|"
        r"skrzynka.{0,40}(?:przepełnion|pełna)|schránk\w.{0,40}pln[áaéeý]|casella .{0,40}piena|caixa .{0,40}"
        r"cheia|posta kutusu .{0,20}dolu|(?:kutusu|kotası) dolu|postlåda.{0,30}full|postkassen? .{0,30}full|"
        r"postilaatikko.{0,30}täynnä|γραμματοκιβώτιο.{0,40}(?:πλήρες|γεμάτο)|hộp thư.{0,20}đầy|kotak .{0,20}"
        r"penuh|صندوق.{0,40}ممتلئ|תיבת .{0,30}מלאה|กล่อง.{0,20}เต็ม|căsuța .{0,30}plină|"
        r"postafiók.{0,30}megtelt|"
        r"boîte .{0,40}(?:pleine|saturée)|quota .{0,20}dépassé",
    ),
    (
        "userunknown",
        # Exchange says so of an address it looked up; \W stands for its quotes and colons.
        r"(?:e-?mail-?adresse|adresse) wurde nicht gefunden|nicht im domino-verzeichnis|e-?mail-konto ist "
        r"in der "
        r"organisation[^.]{0,60}nicht vorhanden|adresse (?:e-?mail|de messagerie)[^.]{0,60}introuvable|"
        r"compte de "
        r"messagerie n.existe pas|no se encontró la dirección|dirección de correo[^.]{0,60}(?:no existe|no "
        r"se "
        r"encontr)|indirizzo (?:di posta|e-?mail)[^.]{0,60}non (?:è stato trovato|esiste)|endereço de e-?mail"
        r"[^.]{0,60}não (?:foi encontrado|existe)|e-?mailadres[^.]{0,60}niet gevonden|nie można odnaleźć "
        r"[^.]{0,30}adresu|nie ma takiego (?:użytkownika|adresu|konta)|e-?mailová adresa[^.]{0,30}(?:nebyla "
        r"nalezena|sa nenašla|neexistuje)|adresát neexistuje|e-?mail-cím nem található|adresa de "
        r"e-?mail[^.]{0,"
        r"40}nu a fost găsită|e-?posta adresi[^.]{0,20}bulunamadı|kullanıcı bulunamadı|адрес электронной "
        r"почты "
        r"[^.]{0,20}не найден|адресу електронної пошти[^.]{0,20}не знайдено|такого користувача не існує|"
        r"имейл адрес[^.]{0,20}не е намерен|несъществуващ потребител|διεύθυνση e-?mail[^.]{0,40}δεν βρέθηκε|"
        r"hitta e-?postadressen|mailadresse[^.]{0,30}(?:blev ikke fundet|ikke fundet)|fant ikke "
        r"e-?postadressen|"
        r"sähköpostiosoitetta ei löytynyt|adresa e-?pošte nije pronađena|アドレスが(?:見つかり|存在し)ません|"
        r"주소를 찾을 수 없|존재하지 않는 (?:메일 )?주소|找不到[^。\n]{0,12}(?:地址|位址)|(?:信箱|"
        r"帳號)不存在|"
        r"تعذر العثور على عنوان|כתובת[^.]{0,40}לא נמצאה|ไม่พบที่อยู่อีเมล|không tìm thấy địa chỉ|địa chỉ không "
        r"tồn tại|usuário (?:inexistente|não encontrado)|el usuario no existe|adresse inconnue",
    ),
    ("suspend", r"(?:邮箱|帐号|账号|用户)(?:已)?(?:被)?(?:停用|冻结|禁用|锁定)"),
)
