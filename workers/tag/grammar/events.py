"""EVENT: elections, games, cups, summits, wars, feasts, days of remembrance and anniversaries that have a name.

A name is what the event's kind allows: "Pemilu 2024", "Pilkada Riau 2024", "Hari Kemenangan", "SEA Games 2025", "Piala
Dunia U-17 2025", "HUT ke-80 RI", "KTT G20", "Perang Dunia II", "Idulfitri 1446 Hijriah". Meetings of one organisation
("Kongres PDI Perjuangan") are left out: readers look for the organisation.
"""

from __future__ import annotations

import re

from workers.tag.grammar.numbers import BLANK

_B = BLANK + "{1,3}"
_YEAR = r"(?:1[89]|20)\d\d"
_DATED = rf"(?:{_B}(?:(?:[Tt]ahun{_B})?{_YEAR}(?:[/-](?:{_YEAR}|\d\d)(?!\d))?|1[34]\d\d{_B}(?:Hijriah|Hijriyah|H)\b))?"
_CAPITAL = r"[A-Z][A-Za-z'’-]*\d{0,3}"
_NOT_DAY = r"(?!Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|Ini|Kemarin)"
_ROMAN = r"(?:[IVXL]+\b|[Kk]e-?\d{1,4}|[Kk]e-[IVXL]+\b)"
_WORDS = rf"(?:{_B}{_NOT_DAY}{_CAPITAL})"

_NUMBERED = rf"(?:{_B}{_ROMAN})?(?:{_WORDS}{{0,4}})(?:{_B}{_ROMAN})?"

# fmt: off
_DAYS_OF = (
    "Kemerdekaan|Pahlawan|Raya|Kemenangan|Buruh|Pendidikan|Guru|Ibu|Ayah|Anak|Santri|Bhayangkara|Kartini|Pers|Kesehatan"
    "|Lingkungan|Bumi|Air|HAM|Hak|Perempuan|Wanita|Kebangkitan|Kesaktian|Lahir|Sumpah|Batik|Koperasi|Musik|Konsumen"
    "|Listrik|Tani|Nelayan|Natal|Waisak|Nyepi|Valentine|Ulang|Penyandang|Disabilitas|Toleransi|Antikorupsi|Anti|Arafah"
    "|Tasyrik|Kasih|AIDS|Juang|Armada|TNI|Veteran|Film|Gizi|Keluarga|Perdamaian|Pangan|Olahraga|Thanksgiving|Bela|Jadi"
    "|Bakti|Buku|Literasi|Perhubungan|Pelanggan|Pramuka|Tanpa|Tuberkulosis|Malaria|Gambut|Hutan|Kartu|Paskah|Asyura"
)
_PATTERNS = {
    "pemilu pemilukada pilkada pilpres pileg pilgub pilwalkot pilwako pilbup pilkades": (
        rf"(?:Pemilu(?:kada)?|Pil(?:kada|pres|eg|gub|walkot|wako|bup|kades))(?:{_B}(?:[Ss]erentak|Legislatif|Presiden))?"
        rf"(?:{_WORDS}{{1,3}}{_B}{_YEAR}|{_DATED})"  # a place belongs to it with a year only: it is a place first
    ),
    "pemilihan": rf"Pemilihan{_B}(?:Umum|Presiden|Kepala{_B}Daerah)(?:{_B}[Ss]erentak)?{_DATED}",
    "hari": (
        rf"Hari{_B}(?:(?:Ulang{_B}Tahun|Jadi){_NUMBERED}|(?:{_DAYS_OF})(?:{_WORDS}{{0,4}})(?:{_B}{_ROMAN})?){_DATED}"
    ),
    "hut": rf"HUT{_NUMBERED}{_DATED}",
    "sea asian asean islamic commonwealth": (
        rf"(?:SEA|Asian|ASEAN|Islamic|Commonwealth)(?:{_B}(?:Para|Youth|Solidarity|Indoor))?{_B}Games{_DATED}"
    ),
    "olimpiade paralimpiade olympics olympic": (
        rf"(?:Olimpiade|Paralimpiade|Olympics?)"
        rf"(?:{_B}(?:Musim{_B}(?:Panas|Dingin)|Games|{_NOT_DAY}{_CAPITAL})){{0,2}}{_DATED}"
    ),
    "pon porprov porwil popnas peparnas fornas": (
        rf"(?:PON|Porprov|Porwil|Popnas|Peparnas|Fornas)(?:{_B}{_ROMAN})?(?:{_WORDS}{{0,2}}){_DATED}"
    ),
    "pekan": rf"Pekan{_B}Olahraga{_B}(?:Nasional|Provinsi|Mahasiswa)(?:{_B}{_ROMAN})?{_DATED}",
    "piala": (
        rf"Piala{_B}(?:Dunia|Asia|Eropa|AFF|AFC|Presiden|Afrika|Amerika|Thomas|Uber|Sudirman|Davis|Indonesia|Menpora|FA"
        rf"|Super|Soeratin|Konfederasi)(?:{_B}(?:U-?\d\d|Antarklub|Wanita|Putri|FIFA|Eropa|Spanyol)){{0,2}}{_DATED}"
    ),
    "world": rf"World{_B}Cup{_DATED}|World{_B}War{_B}(?:I{{1,2}}|One|Two)\b",
    "euro": rf"Euro{_B}{_YEAR}",
    "copa": rf"Copa{_B}America{_DATED}",
    "ktt": rf"KTT(?:{_B}{_ROMAN})?(?:{_WORDS}{{1,3}})(?:{_B}{_ROMAN})?{_DATED}",
    "konferensi": rf"Konferensi{_B}(?:Tingkat{_B}Tinggi(?:{_WORDS}{{1,2}})|Asia[ -]Afrika){_DATED}",
    "perang": (
        rf"Perang{_B}(?:Dunia(?:{_B}(?:I{{1,2}}\b|Pertama|Kedua|Ketiga|1|2))?|Dingin|Teluk|Vietnam|Korea|Salib|Padri"
        r"|Diponegoro|Jawa|Saudara|Kemerdekaan)"
    ),
    "idulfitri iduladha lebaran ramadan ramadhan imlek nyepi waisak natal": (
        rf"(?:Idulfitri|Iduladha|Lebaran|Ramadh?an|Imlek|Nyepi|Waisak|Natal)"
        rf"(?:{_B}(?:Idulfitri|Haji)(?=\W|$))?{_DATED}"
    ),
    "idul maulid isra tahun": (
        rf"(?:Idul{_B}(?:Fitri|Adha)|Maulid{_B}Nabi(?:{_B}Muhammad(?:{_B}SAW)?)?|Isra{_B}Mikraj"
        rf"|Tahun{_B}Baru(?:{_B}(?:Imlek|Islam|Hijriah|Masehi))?){_DATED}"
    ),
    "sumpah proklamasi reformasi": rf"Sumpah{_B}Pemuda|Proklamasi{_B}Kemerdekaan|Reformasi{_B}1998",
    "festival": rf"Festival(?:{_WORDS}{{1,4}}){_DATED}",
    "thomas uber": rf"(?:Thomas|Uber){_B}Cup{_DATED}",
    "motogp": rf"MotoGP(?:{_WORDS}{{0,2}}){_B}{_YEAR}",
}
# fmt: on
# Long names and short ones of one kind, so that "Pemilihan Umum 2024" and "Pemilu 2024" are one event.
_SAME = (
    ("Pemilihan Umum", "Pemilu"),
    ("Pemilihan Presiden", "Pilpres"),
    ("Pemilihan Kepala Daerah", "Pilkada"),
    ("Konferensi Tingkat Tinggi", "KTT"),
    ("Idul Fitri", "Idulfitri"),
    ("Idul Adha", "Iduladha"),
    ("Ramadhan", "Ramadan"),
    ("Hari Ulang Tahun", "HUT"),
    ("Hari Raya ", ""),
    ("Republik Indonesia", "RI"),
    ("Perang Dunia Kedua", "Perang Dunia II"),
    ("Perang Dunia Pertama", "Perang Dunia I"),
    ("tahun ", ""),
    ("Tahun 1", "1"),
    ("Tahun 2", "2"),
)
READERS: dict[str, re.Pattern[str]] = {
    word: re.compile(rf"(?:{pattern})(?![A-Za-z0-9])", re.A)
    for words, pattern in _PATTERNS.items()
    for word in words.split()
}


def read_event(text: str, at: int, word: str) -> tuple[int, str] | None:
    """Return the end and the usual name of an event whose first word, in lower case, is `word`."""
    match = READERS[word].match(text, at)
    if match is None:
        return None
    name = " ".join(match.group().split())
    for long, short in _SAME:
        name = name.replace(long, short)
    return match.end(), name
