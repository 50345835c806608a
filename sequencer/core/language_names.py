"""Language tags as templates name them (`name.es.md`), from what lists write."""

import re

_NAMES = {
    "ar": "arabic العربية 阿拉伯语 阿语",
    "bg": "bulgarian 保加利亚语",
    "cs": "czech čeština 捷克语",
    "da": "danish dansk 丹麦语",
    "de": "german deutsch 德语 德文",
    "el": "greek ελληνικά 希腊语",
    "en": "english 英语 英文",
    "es": "spanish español espanol castellano 西班牙语 西语",
    "fa": "persian farsi فارسی 波斯语",
    "fi": "finnish suomi 芬兰语",
    "fr": "french français francais 法语 法文",
    "he": "hebrew עברית 希伯来语",
    "hi": "hindi हिन्दी 印地语",
    "hu": "hungarian magyar 匈牙利语",
    "id": "indonesian bahasa 印尼语 印度尼西亚语",
    "it": "italian italiano 意大利语",
    "ja": "japanese 日本語 日语 日文",
    "kk": "kazakh 哈萨克语",
    "ko": "korean 한국어 韩语 韩文",
    "ms": "malay melayu 马来语",
    "nl": "dutch nederlands 荷兰语",
    "no": "norwegian norsk 挪威语",
    "pl": "polish polski 波兰语",
    "pt": "portuguese português portugues 葡萄牙语 葡语",
    "ro": "romanian română 罗马尼亚语",
    "ru": "russian русский 俄语 俄文",
    "sv": "swedish svenska 瑞典语",
    "th": "thai ไทย 泰语",
    "tr": "turkish türkçe turkce 土耳其语",
    "uk": "ukrainian українська 乌克兰语",
    "ur": "urdu اردو 乌尔都语",
    "vi": "vietnamese 越南语",
    "zh": "chinese mandarin 中文 汉语 普通话",
}
_TAG_OF = {name: tag for tag, names in _NAMES.items() for name in names.split()}
_TAG = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*")


def language_tag(text: str) -> str:
    """A language's tag (`Spanish`, `西班牙语` and `ES` are `es`, `pt_BR` is `pt-BR`); "" when unknown."""
    named = _TAG_OF.get(text.strip().casefold())
    if named:
        return named
    if not _TAG.fullmatch(text.strip()):
        return ""
    first, *rest = re.split("[-_]", text.strip())
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part.title() for part in rest)])
