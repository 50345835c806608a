"""What the buyers of the demo write themselves, by temper and language."""

from collections.abc import Mapping

from sequencer.demo.buyer import Temper

GREETINGS: Mapping[str, str] = {
    "en": "Hello {rep},",
    "de": "Guten Tag {rep},",
    "es": "Hola {rep}:",
    "pl": "Dzień dobry,",
    "zh": "{rep}，您好：",
}
CLOSINGS: Mapping[str, str] = {
    "en": "Best regards,",
    "de": "Mit freundlichen Grüßen",
    "es": "Saludos cordiales,",
    "pl": "Pozdrawiam",
    "zh": "祝商祺！",
}
ITEMS: Mapping[str, tuple[str, ...]] = {
    "en": ("bypass pruners", "garden forks", "hedge shears", "digging spades", "folding saws"),
    "de": ("Gartenscheren", "Grabegabeln", "Heckenscheren", "Spaten", "Klappsägen"),
    "es": ("tijeras de podar", "horcas de jardín", "cortasetos manuales", "palas", "serruchos plegables"),
    "pl": ("sekatory", "widły ogrodowe", "nożyce do żywopłotu", "szpadle", "piły składane"),
    "zh": ("修枝剪", "园艺叉", "绿篱剪", "铁锹", "折叠锯"),
}

SAYINGS: Mapping[Temper, Mapping[str, tuple[str, ...]]] = {
    Temper.REPLY: {
        "en": (
            "Good timing. Please send the quotation for {qty} pcs of the {item}, delivered to {city}.",
            "No thanks, we have a supplier we are happy with for the {item}.",
            "We are busy with stocktaking. Call me in May and we can talk about the {item}.",
            "Your prices look fair. Can you do {qty} pcs of the {item} in our carton? Send me your best.",
        ),
        "de": (
            "vielen Dank. Bitte schicken Sie uns ein Angebot über {qty} Stück {item}, frei {city}.",
            "danke, aber bei {item} sind wir mit unserem Lieferanten zufrieden.",
            "gerade ist Inventur. Rufen Sie mich im Mai an, dann sprechen wir über {item}.",
            "die Preise klingen ordentlich. Geht das auch mit {qty} Stück {item} in unserem Karton?",
        ),
        "es": (
            "Gracias por escribir. Envíeme la cotización de {qty} unidades de {item}, puestas en {city}.",
            "Gracias, pero para {item} ya tenemos proveedor y estamos contentos.",
            "Ahora estamos de inventario. Llámeme en mayo y hablamos de {item}.",
            "Me gustan los precios. ¿Pueden hacer {qty} unidades de {item} con nuestra marca en la caja?",
        ),
        "pl": (
            "dziękuję za wiadomość. Poproszę o ofertę: {item}, {qty} szt., dostawa {city}.",
            "dziękuję, ale mamy już stałego dostawcę na {item}.",
            "teraz mamy inwentaryzację. Proszę zadzwonić w maju, porozmawiamy o produktach: {item}.",
            "ceny wyglądają rozsądnie. Czy {qty} szt. ({item}) może być w naszym kartonie?",
        ),
        "zh": (
            "产品看过了，请报{item} {qty}把到{city}的价格，最好附上交期。",
            "谢谢，{item}我们已经有固定供应商，暂时不换。",
            "最近在盘点，请五月份再打电话给我谈{item}。",
            "价格可以，{item}订{qty}把能不能印我们的商标？请发一份正式报价单。",
        ),
    },
    Temper.QUESTION: {
        "en": (
            "What is your minimum quantity for the {item}, and do they carry a certificate?",
            "Are the {item} forged or stamped? And how long from order to {city}?",
        ),
        "de": (
            "wie hoch ist die Mindestmenge bei {item}, und gibt es ein Prüfzeugnis dazu?",
            "sind die {item} geschmiedet oder gestanzt? Und wie lange dauert es bis {city}?",
        ),
        "es": (
            "¿Cuál es el pedido mínimo de {item} y qué certificado tienen?",
            "¿Las piezas ({item}) son forjadas o estampadas? ¿Cuánto tarda un envío a {city}?",
        ),
        "pl": (
            "jakie jest minimalne zamówienie na {item} i czy mają Państwo certyfikat?",
            "czy {item} są kute, czy tłoczone? Ile trwa dostawa ({city})?",
        ),
        "zh": (
            "{item}的起订量是多少？有没有检测报告？",
            "{item}是锻造的还是冲压的？发到{city}大概要多久？",
        ),
    },
    Temper.FRESH_MAIL: {
        "en": ("We want to widen our range of {item} for the season. Do you have a price for {qty} pcs?",),
        "de": ("wir wollen unser Sortiment an {item} erweitern. Haben Sie einen Preis für {qty} Stück?",),
        "es": ("Queremos ampliar la gama de {item} esta temporada. ¿Tiene precio para {qty} unidades?",),
        "pl": ("chcemy poszerzyć ofertę o {item} na ten sezon. Czy jest cena na {qty} szt.?",),
        "zh": ("我们这一季想多进一些{item}，{qty}把什么价格？",),
    },
    Temper.COLLEAGUE: {
        "en": ("I buy the {item} for {company}. Please send me your price list for {qty} pcs.",),
        "de": (
            "bei {company} bin ich für {item} zuständig. Bitte senden Sie mir die Preise für {qty} Stück.",
        ),
        "es": ("En {company} yo llevo la compra de {item}. Mándeme los precios para {qty} unidades.",),
        "pl": ("w firmie {company} to ja kupuję {item}. Poproszę o cennik na {qty} szt.",),
        "zh": ("{company}的{item}由我负责采购，请把{qty}把的价格发给我。",),
    },
    Temper.UNSUBSCRIBE_WORDS: {
        "en": ("Please take me off your mailing list, we do not import ourselves.",),
        "de": ("bitte nehmen Sie mich aus Ihrem Verteiler, wir importieren nicht selbst.",),
        "es": ("Por favor, no me envíen más correos; no importamos directamente.",),
        "pl": ("proszę usunąć mój adres z Państwa bazy, sami nic nie importujemy.",),
        "zh": ("请不要再给我发邮件了，我们不做进口，谢谢。",),
    },
    Temper.BY_HAND: {
        "en": ("It was good to talk to you on the phone. As agreed, {qty} pcs of the {item} are set aside.",),
        "de": ("danke für das Gespräch am Telefon. Wie besprochen sind {qty} Stück {item} reserviert.",),
        "es": ("Gracias por la llamada. Como acordamos, {qty} unidades de {item} quedan reservadas.",),
        "pl": ("dziękuję za rozmowę przez telefon. Zgodnie z umową odkładamy {qty} szt. ({item}).",),
        "zh": ("刚才电话里谈得很愉快，{item} {qty}把已经按您的要求留好。",),
    },
}
"""They stand below the greeting; after its comma German and Polish go on in lower case."""

FRESH_SUBJECTS: Mapping[str, str] = {
    "en": "{item} for the season",
    "de": "Sortiment {item}",
    "es": "Gama de {item}",
    "pl": "Oferta: {item}",
    "zh": "{item}采购",
}
BY_HAND_SUBJECTS: Mapping[str, str] = {
    "en": "As agreed on the phone",
    "de": "Wie am Telefon besprochen",
    "es": "Lo hablado por teléfono",
    "pl": "Po naszej rozmowie",
    "zh": "电话里谈的事",
}
