"""Places with the zone a person looked up for each: the tz database's own comments, and maps."""

from typing import NamedTuple


class Checked(NamedTuple):
    country: str
    state: str
    city: str
    zone: str
    is_guess: bool


_SURE = """
US | CA | | America/Los_Angeles
US | California | | America/Los_Angeles
US | california | | America/Los_Angeles
US | Calif. | | America/Los_Angeles
US | US-CA | | America/Los_Angeles
US | 加州 | | America/Los_Angeles
US | 加利福尼亚州 | | America/Los_Angeles
US | 加利福尼亞州 | | America/Los_Angeles
US | State of California | | America/Los_Angeles
US | California (CA) | | America/Los_Angeles
US | N.Y. | | America/New_York
US | New York State | | America/New_York
US | 纽约州 | | America/New_York
US | WA | | America/Los_Angeles
US | Washington | | America/Los_Angeles
US | Washington D.C. | | America/New_York
US | District of Columbia | | America/New_York
US | TX | | America/Chicago
US | TX | Houston | America/Chicago
US | TX | El Paso | America/Denver
US | Texas | el paso | America/Denver
US | IN | Fort Wayne | America/Indiana/Indianapolis
US | Indiana | Gary | America/Chicago
US | IN | Evansville | America/Chicago
US | IN | Vincennes | America/Indiana/Vincennes
US | IN | Washington | America/Indiana/Vincennes
US | FL | Miami | America/New_York
US | FL | Pensacola | America/Chicago
US | Florida | Panama City Beach | America/Chicago
US | ID | Boise | America/Boise
US | ID | Coeur d'Alene | America/Los_Angeles
US | OR | Portland | America/Los_Angeles
US | OR | Ontario | America/Boise
US | ME | Portland | America/New_York
US | TN | Nashville | America/Chicago
US | TN | Knoxville | America/New_York
US | KY | Louisville | America/Kentucky/Louisville
US | KY | Bowling Green | America/Chicago
US | MI | | America/Detroit
US | MI | Iron Mountain | America/Menominee
US | SD | Rapid City | America/Denver
US | ND | Fargo | America/Chicago
US | ND | Dickinson | America/Denver
US | NE | Scottsbluff | America/Denver
US | KS | Goodland | America/Denver
US | AZ | | America/Phoenix
US | AZ | Houston | America/Phoenix
US | AZ | Window Rock | America/Denver
US | CO | Aurora | America/Denver
US | IL | Aurora | America/Chicago
US | AK | Juneau | America/Juneau
US | AK | Adak | America/Adak
US | HI | | Pacific/Honolulu
US | PR | | America/Puerto_Rico
US | Puerto Rico | San Juan | America/Puerto_Rico
US | Guam | | Pacific/Guam
US | VI | | America/St_Thomas
US | | New York | America/New_York
US | | New York, NY | America/New_York
US | | Austin TX | America/Chicago
US | | Austin, TX 78701 | America/Chicago
US | | Portland, ME | America/New_York
US | | Portland OR | America/Los_Angeles
US | | San Francisco, CA, USA | America/Los_Angeles
US | | Salem, Massachusetts | America/New_York
US | | Los Angeles | America/Los_Angeles
US | | L.A. | America/Los_Angeles
US | | 洛杉矶 | America/Los_Angeles
US | | 洛杉磯 | America/Los_Angeles
US | | 芝加哥 | America/Chicago
US | | 西雅图市 | America/Los_Angeles
US | | St. Louis | America/Chicago
US | | Saint Louis | America/Chicago
US | | Ft. Worth | America/Chicago
US | | Kansas City | America/Chicago
US | | Washington | America/New_York
US | | Washington, DC | America/New_York
US | | Salt Lake City | America/Denver
US | | Las Vegas | America/Los_Angeles
US | | Honolulu | Pacific/Honolulu
US | | Texas | America/Chicago
US | LA | | America/Chicago
US | | Dallas Texas | America/Chicago
US | Dallas | | America/Chicago
US | | Moscow, Idaho | America/Los_Angeles
US | | Paris, Texas | America/Chicago
US | | TX, Austin | America/Chicago
US | | Greater Boston Area | America/New_York
US | | 加州洛杉矶 | America/Los_Angeles
US | | 加利福尼亚州洛杉矶市 | America/Los_Angeles
US | Virgin Islands | | America/St_Thomas
US | | Johnson City TN | America/New_York
MX | Edo. de México | | America/Mexico_City
FR | | Saint-Denis, La Réunion | Indian/Reunion
GB | | Gibraltar | Europe/Gibraltar
US | | LA | America/Los_Angeles
CA | ON | | America/Toronto
CA | Ontario | Kenora | America/Winnipeg
CA | ON | Thunder Bay | America/Toronto
CA | QC | | America/Toronto
CA | Québec | Montréal | America/Toronto
CA | quebec | montreal | America/Toronto
CA | 魁北克省 | | America/Toronto
CA | BC | | America/Vancouver
CA | BC | Dawson Creek | America/Dawson_Creek
CA | BC | Cranbrook | America/Edmonton
CA | AB | | America/Edmonton
CA | Alberta | Calgary | America/Edmonton
CA | SK | | America/Regina
CA | SK | Lloydminster | America/Edmonton
CA | MB | | America/Winnipeg
CA | NL | | America/St_Johns
CA | NL | Happy Valley-Goose Bay | America/Goose_Bay
CA | NB | | America/Moncton
CA | NS | Halifax | America/Halifax
CA | PE | | America/Halifax
CA | YT | | America/Whitehorse
CA | NU | Rankin Inlet | America/Rankin_Inlet
CA | | Vancouver | America/Vancouver
CA | | Toronto, ON, Canada | America/Toronto
CA | | 多伦多 | America/Toronto
CA | | 温哥华 | America/Vancouver
MX | CDMX | | America/Mexico_City
MX | Jalisco | Guadalajara | America/Mexico_City
MX | Jal. | | America/Mexico_City
MX | Nuevo León | | America/Monterrey
MX | Nuevo Leon | Monterrey | America/Monterrey
MX | BC | Tijuana | America/Tijuana
MX | Baja California Sur | | America/Mazatlan
MX | Sonora | | America/Hermosillo
MX | Chihuahua | Ciudad Juárez | America/Ciudad_Juarez
MX | Chih. | Chihuahua | America/Chihuahua
MX | Tamaulipas | Reynosa | America/Matamoros
MX | Tamaulipas | Tampico | America/Monterrey
MX | Quintana Roo | Cancún | America/Cancun
MX | | Cancun | America/Cancun
MX | Yucatán | Mérida | America/Merida
MX | Nayarit | Bahía de Banderas | America/Bahia_Banderas
MX | Estado de México | Toluca | America/Mexico_City
MX | | Culiacán, Sin. | America/Mazatlan
BR | SP | | America/Sao_Paulo
BR | São Paulo | | America/Sao_Paulo
BR | Sao Paulo | | America/Sao_Paulo
BR | Estado de São Paulo | Campinas | America/Sao_Paulo
BR | 圣保罗州 | | America/Sao_Paulo
BR | BR-AM | | America/Manaus
BR | Amazonas | Manaus | America/Manaus
BR | MT | | America/Cuiaba
BR | Mato Grosso do Sul | | America/Campo_Grande
BR | AC | | America/Rio_Branco
BR | PE | Fernando de Noronha | America/Noronha
BR | PE | Recife | America/Recife
BR | BA | Salvador | America/Bahia
BR | CE | | America/Fortaleza
BR | PA | Belém | America/Belem
BR | PA | Santarém | America/Santarem
BR | Rondônia | | America/Porto_Velho
BR | | Curitiba - PR | America/Sao_Paulo
BR | | Manaus/AM | America/Manaus
AU | NSW | | Australia/Sydney
AU | New South Wales | | Australia/Sydney
AU | NSW | Broken Hill | Australia/Broken_Hill
AU | VIC | | Australia/Melbourne
AU | QLD | | Australia/Brisbane
AU | 昆士兰州 | | Australia/Brisbane
AU | WA | | Australia/Perth
AU | SA | Adelaide | Australia/Adelaide
AU | NT | | Australia/Darwin
AU | TAS | | Australia/Hobart
AU | ACT | Canberra | Australia/Sydney
AU | | Sydney NSW 2000 | Australia/Sydney
AU | | 墨尔本 | Australia/Melbourne
RU | Москва | | Europe/Moscow
RU | | г. Москва | Europe/Moscow
RU | Moscow Oblast | | Europe/Moscow
RU | Санкт-Петербург | | Europe/Moscow
RU | Свердловская область | | Asia/Yekaterinburg
RU | Свердловская обл. | Екатеринбург | Asia/Yekaterinburg
RU | Sverdlovskaya oblast | | Asia/Yekaterinburg
RU | Республика Татарстан | Казань | Europe/Moscow
RU | Tatarstan | | Europe/Moscow
RU | | Новосибирск | Asia/Novosibirsk
RU | | 新西伯利亚 | Asia/Novosibirsk
RU | | 海参崴 | Asia/Vladivostok
RU | Приморский край | | Asia/Vladivostok
RU | 滨海边疆区 | | Asia/Vladivostok
RU | Sakha (Yakutia) | Yakutsk | Asia/Yakutsk
RU | Забайкальский край | Чита | Asia/Chita
RU | Калининградская область | | Europe/Kaliningrad
RU | Samara Oblast | Togliatti | Europe/Samara
RU | Kamchatka Krai | | Asia/Kamchatka
RU | Омская область | | Asia/Omsk
RU | Sakhalin | | Asia/Sakhalin
ID | DKI Jakarta | | Asia/Jakarta
ID | Jawa Barat | Bandung | Asia/Jakarta
ID | West Java | | Asia/Jakarta
ID | Bali | | Asia/Makassar
ID | Provinsi Bali | Denpasar | Asia/Makassar
ID | Kalimantan Barat | Pontianak | Asia/Pontianak
ID | East Kalimantan | Balikpapan | Asia/Makassar
ID | Papua | | Asia/Jayapura
ID | | Surabaya | Asia/Jakarta
ID | | Kota Makassar | Asia/Makassar
KZ | | | Asia/Almaty
KZ | Mangystau | Aktau | Asia/Aqtau
KZ | Атырауская область | | Asia/Atyrau
MN | | Ulaanbaatar | Asia/Ulaanbaatar
MN | Khovd | | Asia/Hovd
CD | Haut-Katanga | Lubumbashi | Africa/Lubumbashi
CD | | Kinshasa | Africa/Kinshasa
CD | North Kivu | Goma | Africa/Lubumbashi
CL | | Santiago | America/Santiago
CL | Magallanes | Punta Arenas | America/Punta_Arenas
CL | | Isla de Pascua | Pacific/Easter
EC | | Guayaquil | America/Guayaquil
EC | Galápagos | | Pacific/Galapagos
PT | | Porto | Europe/Lisbon
PT | Açores | Ponta Delgada | Atlantic/Azores
PT | Madeira | Funchal | Atlantic/Madeira
ES | | Barcelona | Europe/Madrid
ES | Canarias | Las Palmas | Atlantic/Canary
ES | Santa Cruz de Tenerife | | Atlantic/Canary
ES | Melilla | | Africa/Ceuta
NZ | | Auckland | Pacific/Auckland
NZ | Chatham Islands | | Pacific/Chatham
KI | Line Islands | | Pacific/Kiritimati
FM | Chuuk | | Pacific/Chuuk
FM | Kosrae | | Pacific/Kosrae
PG | Bougainville | | Pacific/Bougainville
PG | | Port Moresby | Pacific/Port_Moresby
UA | | Kyiv | Europe/Kyiv
CN | 新疆 | 乌鲁木齐 | Asia/Shanghai
CN | Xinjiang | Urumqi | Asia/Shanghai
CN | 浙江省 | 宁波市 | Asia/Shanghai
CN | 香港 | | Asia/Hong_Kong
GL | | Nuuk | America/Nuuk
GL | | Ittoqqortoormiit | America/Scoresbysund
FR | | Lyon | Europe/Paris
FR | La Réunion | Saint-Denis | Indian/Reunion
FR | Guadeloupe | | America/Guadeloupe
FR | | Cayenne | America/Cayenne
FR | Nouvelle-Calédonie | Nouméa | Pacific/Noumea
GB | England | London | Europe/London
GB | Bermuda | | Atlantic/Bermuda
GB | Cayman Islands | | America/Cayman
DK | Greenland | | America/Nuuk
DK | Faroe Islands | | Atlantic/Faroe
NL | Curaçao | | America/Curacao
AR | Córdoba | | America/Argentina/Cordoba
AR | CABA | | America/Argentina/Buenos_Aires
AR | | Mendoza | America/Argentina/Mendoza
MY | Sarawak | Kuching | Asia/Kuching
MY | | Kuala Lumpur | Asia/Kuala_Lumpur
MY | Sabah | | Asia/Kuching
PS | Gaza | | Asia/Gaza
PF | | Papeete | Pacific/Tahiti
UZ | Samarkand | | Asia/Samarkand
CY | Famagusta | | Asia/Famagusta
MH | | Majuro | Pacific/Majuro
DE | Bayern | München | Europe/Berlin
IN | Kerala | Kochi | Asia/Kolkata
NP | | Kathmandu | Asia/Kathmandu
Brasil | | Recife | America/Recife
美国 | | 纽约 | America/New_York
Россия | | Омск | Asia/Omsk
"""

_GUESSED = """
US | | | America/New_York
US | | Perth | America/New_York
US | | Port Washington | America/New_York
US | | New Washington | America/New_York
US | | Virginia City | America/New_York
US | Ontario | Mississauga | America/Los_Angeles
US | Narnia | | America/New_York
US | TN | | America/Chicago
US | TN | Sparta | America/Chicago
US | IN | | America/Indiana/Indianapolis
US | ID | | America/Boise
US | | Portland | America/Los_Angeles
US | | Springfield | America/Chicago
US | | Columbus | America/New_York
US | | Aurora | America/Denver
CA | | | America/Toronto
CA | NU | | America/Iqaluit
MX | | | America/Mexico_City
MX | Chihuahua | | America/Chihuahua
MX | Tamaulipas | | America/Monterrey
BR | | | America/Sao_Paulo
BR | | Springfield | America/Sao_Paulo
AU | | | Australia/Sydney
RU | | | Europe/Moscow
RU | Якутия | | Asia/Yakutsk
ID | | | Asia/Jakarta
CD | | | Africa/Kinshasa
FM | | | Pacific/Pohnpei
KI | | | Pacific/Tarawa
AQ | | | Antarctica/McMurdo
"""


def _read(text: str, *, is_guess: bool) -> list[Checked]:
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [Checked(country, state, city, zone, is_guess) for country, state, city, zone in lines]


PLACES = _read(_SURE, is_guess=False) + _read(_GUESSED, is_guess=True)
