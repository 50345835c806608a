"""Which column fills which field: headers in English and Chinese, `--map`, and what the cells show."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sequencer.core.extra_name import extra_name
from sequencer.core.near_words import mend_for_typo
from sequencer.errors import Fault
from sequencer.files.fault_list import did_you_mean

_ALIASES: dict[str, str] = {
    "address": """
        email emailaddress mail mailaddress emailid emailaddr emails contactemail businessemail workemail
        companyemail primaryemail emailadresse email1 correo correoelectronico courriel
        邮箱 电子邮箱 邮箱地址 邮件地址 电子邮件 电子邮件地址 电邮 邮件
        联系邮箱 客户邮箱 联系人邮箱 公司邮箱 企业邮箱
        郵箱 電子郵件 電郵 address""",
    "former_addresses": "formeraddresses formeremails previousemails oldemails 曾用邮箱 旧邮箱",
    "external_id": """
        externalid customerid clientid contactid crmid leadid customercode customerno customernumber id
        客户编号 客户id 客户编码 客户代码 客户号 客戶編號""",
    "company": """
        company companyname organization organisation organizationname firm firma empresa business accountname
        公司 公司名称 公司名 企业 企业名称 客户名称 客户公司 单位 单位名称 公司名稱 客戶名稱""",
    "name": """
        name fullname contactname contactperson contact person customername
        姓名 联系人 联系人姓名 客户姓名 名字 称呼 聯絡人 聯繫人""",
    "first_name": "firstname givenname forename vorname nombre 名",
    "last_name": "lastname surname familyname nachname apellido 姓 姓氏",
    "title": "title jobtitle position job role designation 职位 职务 头衔 岗位 職位 職稱",
    "phone": """
        phone phonenumber phoneno telephone telephonenumber tel telno mobile mobilephone mobilenumber
        cell cellphone
        电话 联系电话 电话号码 手机 手机号 手机号码 联系方式 電話 手機""",
    "website": """
        website web url site homepage companywebsite webpage
        网址 网站 公司网址 公司网站 官网 主页 網址 網站""",
    "country": """
        country countryregion countryname countrycode nation land pais 国家 国别 国家地区 所在国家 国家名称
        國家 國別""",
    "state": "state province stateprovince region 省份 省 州 省州 州省",
    "city": "city town 城市 市 所在城市",
    "zone": "timezone zone tz 时区 時區",
    "language": "language lang locale 语言 语种 語言",
    "source": "source leadsource contactsource 来源 客户来源 线索来源 渠道 來源",
    "tags": "tags tag labels label 标签 客户标签 標籤",
    "note": "note notes remark remarks comment comments memo 备注 说明 备注信息 備註",
    "stage": "stage salesstage pipelinestage 阶段 销售阶段 客户阶段 階段",
    "owner": "owner rep salesrep salesperson assignedto accountowner 负责人 业务员 跟进人 所属人 销售员",
    "is_key_account": "iskeyaccount keyaccount vip 大客户 重点客户 是否大客户 重点",
}
"""Field → headers that mean it, the surest first, as `_plain` writes them."""

_FIELD_OF = {
    alias: (field, rank) for field, text in _ALIASES.items() for rank, alias in enumerate(text.split())
}
FIELDS = tuple(_ALIASES)
_OURS = frozenset({"rejectedline", "rejectedreason"})
_SKIP = frozenset({"-", "skip", "ignore"})
_SAMPLE = 50
_PART_ENDS = re.compile(r"[/()（）|\[\]]|(?<=[^\x00-\x7f])\s*(?=[\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class Columns:
    """The field of each column (None: left out), and what people should know of how it was found."""

    fields: tuple[str | None, ...]
    guesses: tuple[str, ...]
    faults: tuple[Fault, ...]


def match_columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], maps: Sequence[tuple[str, str]], where: str
) -> Columns:
    """Give each column its field: by `maps` (header, field), by its header, else `extra.<header>`.

    `rows` are looked at only to find the addresses and to see which nameless columns are empty.
    """
    faults: list[Fault] = []
    guesses: list[str] = []
    found = _mapped(header, maps, where, faults)
    _by_header(header, rows, found, guesses)
    _by_cells(header, rows, found, guesses)
    _extras(header, rows, found)
    _check(header, found, where, faults)
    return Columns(tuple(found.get(index) for index in range(len(header))), tuple(guesses), tuple(faults))


def _mapped(
    header: Sequence[str], maps: Sequence[tuple[str, str]], where: str, faults: list[Fault]
) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    plain = [_plain(cell) for cell in header]
    for column, target in maps:
        if _plain(column) not in plain:
            hint = did_you_mean(column, header) or f"the columns are: {_listed(header)}"
            faults.append(Fault(where=where, message=f"--map: there is no column {column!r}", hint=hint))
            continue
        field = _target(target)
        if field is None and target.strip().lower() not in _SKIP:
            known = f"the fields are {', '.join(FIELDS)}, extra.<name>, skip"
            hint = mend_for_typo(target, FIELDS, otherwise=known)
            faults.append(Fault(where=where, message=f"--map: there is no field {target!r}", hint=hint))
            continue
        found[plain.index(_plain(column))] = field
    return found


def _target(text: str) -> str | None:
    text = text.strip()
    if text.startswith("extra."):
        name = extra_name(text[6:])
        return f"extra.{name}" if name else None
    if text in FIELDS:
        return text
    return {"id": "external_id", "email": "address", "timezone": "zone"}.get(text)


def _by_header(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    found: dict[int, str | None],
    guesses: list[str],
) -> None:
    """Known headers; where two mean the same field the surer one has it, the other becomes an extra."""
    claims: dict[str, list[tuple[int, int]]] = {}
    for index, cell in enumerate(header):
        known = None if index in found else _known(cell)
        if known is None or (known == ("address", _WEAK_ADDRESS) and _holds_others(rows, index)):
            continue
        claims.setdefault(known[0], []).append((known[1], index))
    for field, columns in claims.items():
        if field in found.values():
            continue
        columns.sort()
        found[columns[0][1]] = field
        for _, index in columns[1:]:
            if _plain(header[index]) != _plain(header[columns[0][1]]):
                guesses.append(
                    f"{header[columns[0][1]]!r} is taken for {field}, {header[index]!r} for an extra column"
                )


_WEAK_ADDRESS = _FIELD_OF["address"][1]


def _by_cells(
    header: Sequence[str], rows: Sequence[Sequence[str]], found: dict[int, str | None], guesses: list[str]
) -> None:
    """Without a known header for it, the one column full of addresses holds them."""
    if "address" in found.values():
        return
    full = [index for index in range(len(header)) if index not in found and _holds_addresses(rows, index)]
    if len(full) == 1:
        found[full[0]] = "address"
        guesses.append(
            f"{header[full[0]] or f'column {full[0] + 1}'!r} is taken for address: its cells hold addresses"
        )


def _holds_addresses(rows: Sequence[Sequence[str]], index: int) -> bool:
    cells = [row[index] for row in rows[:_SAMPLE] if index < len(row) and row[index].strip()]
    return bool(cells) and sum("@" in cell or "＠" in cell for cell in cells) * 5 >= len(cells) * 4


def _holds_others(rows: Sequence[Sequence[str]], index: int) -> bool:
    """A column called `address` is often the street."""
    return any(index < len(row) and row[index].strip() for row in rows) and not _holds_addresses(rows, index)


def _extras(header: Sequence[str], rows: Sequence[Sequence[str]], found: dict[int, str | None]) -> None:
    for index, cell in enumerate(header):
        if index in found or _plain(cell) in _OURS:
            continue
        name = extra_name(re.sub(r"^\s*(contact\.)?extra\.", "", cell))
        if not name and not any(index < len(row) and row[index].strip() for row in rows):
            continue
        found[index] = f"extra.{name or f'column_{index + 1}'}"


def _check(header: Sequence[str], found: dict[int, str | None], where: str, faults: list[Fault]) -> None:
    _check_names(header, found, where, faults)
    seen: dict[str, int] = {}
    for index in sorted(found):
        field = found[index]
        if field is None:
            continue
        if field in seen and _plain(header[index]) != _plain(header[seen[field]]):
            first = f"{seen[field] + 1} ({header[seen[field]]!r})"
            message = f"columns {first} and {index + 1} ({header[index]!r}) are both {field}"
            hint = f"rename one, or leave one out with --map {header[index]!r}=skip"
            faults.append(Fault(where=where, message=message, hint=hint))
        seen.setdefault(field, index)
    if not faults and not {"address", "external_id"} & seen.keys():
        message = f"no column is the address; the columns are: {_listed(header)}"
        faults.append(Fault(where=where, message=message, hint="name it with --map COLUMN=address"))


def _check_names(
    header: Sequence[str], found: dict[int, str | None], where: str, faults: list[Fault]
) -> None:
    first: dict[str, int] = {}
    for index, cell in enumerate(header):
        plain = _plain(cell)
        if plain and found.get(index) and plain in first:
            message = f"columns {first[plain] + 1} and {index + 1} are both called {cell!r}"
            faults.append(Fault(where=where, message=message, hint="rename one of them"))
        elif plain and found.get(index):
            first[plain] = index


def _listed(header: Sequence[str]) -> str:
    return ", ".join(repr(cell) for cell in header[:20] if cell.strip()) or "all without a name"


def _known(header: str) -> tuple[str, int] | None:
    """The field a header means, and how surely (0 the surest): as a whole, else by a telling part."""
    plain = _plain(header)
    if plain in _FIELD_OF:
        return _FIELD_OF[plain]
    # "公司 Company", "Email/邮箱": parts that agree.
    parts = [_plain(part) for part in _PART_ENDS.split(header)]
    known = {_FIELD_OF[part] for part in parts if part in _FIELD_OF}
    if len({field for field, _ in known}) != 1:
        return None
    return min(known, key=lambda one: one[1])


def _plain(header: str) -> str:
    """A header's letters and digits alone, in one case and width, without accents."""
    wide = unicodedata.normalize("NFKD", header).casefold()
    return "".join(character for character in wide if character.isalnum())
