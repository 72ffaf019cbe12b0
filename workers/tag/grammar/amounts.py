"""Amounts of money and measured or counted quantities.

MONEY: value "1200000000 IDR" (ISO 4217; a range "5000000/10000000 IDR"). QUANTITY: a number with a unit of measure, a
share, people, or things counted by a classifier; value "5.6 km". Bare numbers are none: they say nothing by themselves.
"""

from __future__ import annotations

import re
from decimal import Decimal

from workers.tag.grammar.numbers import (
    BLANK,
    DIGITS,
    SCALE,
    SPELT,
    WORDS,
    any_of,
    plain,
    read_digits,
    read_words,
    scaled,
)

# fmt: off
_SIGNS = {
    "rp": "IDR", "rp.": "IDR", "idr": "IDR", "us$": "USD", "usd": "USD", "$": "USD", "s$": "SGD", "sgd": "SGD",
    "sin$": "SGD", "a$": "AUD", "aud": "AUD", "au$": "AUD", "hk$": "HKD", "rm": "MYR", "myr": "MYR", "eur": "EUR",
    "€": "EUR", "£": "GBP", "gbp": "GBP", "¥": "JPY", "jpy": "JPY", "cny": "CNY", "sar": "SAR",
}
_CURRENCIES = {
    "rupiah": "IDR", "dolar as": "USD",
    "dolar amerika serikat": "USD", "dolar amerika": "USD", "dolar singapura": "SGD",
    "dolar australia": "AUD", "dolar hong kong": "HKD", "dolar kanada": "CAD", "dolar taiwan": "TWD", "dolar": "USD",
    "dollar as": "USD", "dollar": "USD", "us dollars": "USD", "us dollar": "USD", "dollars": "USD", "ringgit": "MYR",
    "ringgit malaysia": "MYR", "euro": "EUR", "euros": "EUR", "poundsterling": "GBP", "pound sterling": "GBP",
    "pounds": "GBP", "yen": "JPY", "yuan": "CNY", "won": "KRW", "baht": "THB", "riyal": "SAR",
    "dirham": "AED", "rubel": "RUB", "rupee": "INR",
    "rupiahs": "IDR", "peso": "PHP", "lira": "TRY", "franc swiss": "CHF",
}
UNITS = {
    "persen": "%", "%": "%", "percent": "%", "per cent": "%", "persen poin": "%",
    "kilometer per jam": "km/h", "km per jam": "km/h", "km/jam": "km/h", "km/h": "km/h", "kpj": "km/h", "knot": "kn",
    "kilometer persegi": "km2", "km persegi": "km2", "km2": "km2",
    "km²": "km2", "meter persegi": "m2", "m persegi": "m2",
    "m2": "m2", "m²": "m2", "meter kubik": "m3", "m3": "m3", "m³": "m3", "hektare": "ha", "hektar": "ha", "ha": "ha",
    "hectares": "ha", "kilometer": "km", "kilometers": "km", "kilometres": "km", "km": "km", "meter": "m",
    "meters": "m", "metres": "m", "mdpl": "m", "sentimeter": "cm",
    "cm": "cm", "milimeter": "mm", "mm": "mm", "mil": "mi",
    "mil laut": "nmi", "miles": "mi", "feet": "ft",
    "ton": "t", "tons": "t", "tonnes": "t", "kuintal": "q", "kilogram": "kg", "kg": "kg", "gram": "g", "miligram": "mg",
    "ons": "hg", "barel": "bbl", "barel per hari": "bbl/d",
    "barrels": "bbl", "kiloliter": "kl", "liter": "l", "liters": "l",
    "litres": "l", "derajat celsius": "°C", "derajat celcius": "°C",
    "°c": "°C", "degrees celsius": "°C", "derajat": "°",
    "magnitudo": "M", "skala richter": "M", "sr": "M", "megawatt": "MW", "mw": "MW", "gigawatt": "GW", "gw": "GW",
    "kilowatt": "kW", "kwh": "kWh", "volt": "V", "gigabyte": "GB", "gb": "GB", "terabyte": "TB", "megabyte": "MB",
    "orang": "person", "jiwa": "person", "people": "person", "kepala keluarga": "household", "kk": "household",
    "unit": "unit", "ekor": "animal", "butir": "piece", "buah": "piece", "batang": "piece", "lembar": "sheet",
    "detik": "s", "seconds": "s", "menit": "min", "minutes": "min",
    "jam": "h", "hours": "h", "hari": "day", "days": "day",
    "pekan": "week", "minggu": "week", "weeks": "week", "bulan": "month", "months": "month", "tahun": "year",
    "years": "year", "year": "year",
}
# fmt: on


_END = r"(?![A-Za-z0-9])"
_RANGE = rf"(?:{BLANK}?(?:-|–|—|sampai|hingga|to){BLANK}?(?P<to>{DIGITS}))?"
_SCALED = rf"(?:{BLANK}?(?P<scale>{SCALE}|[MTBKmk](?![A-Za-z])))?"
SIGNED = re.compile(
    rf"(?P<sign>{any_of(_SIGNS)}){BLANK}{{0,2}}(?P<number>{DIGITS}){_RANGE}{_SCALED}(?:an)?{_END}", re.I | re.A
)
_COUNTED = rf"(?:(?P<number>{DIGITS}){_RANGE}|(?P<words>{WORDS}))(?:{BLANK}?(?P<scale>{SCALE}))?"
NAMED = re.compile(rf"{_COUNTED}{BLANK}?(?P<currency>{any_of(_CURRENCIES)}){_END}", re.I | re.A)
MEASURED = re.compile(rf"{_COUNTED}(?:{BLANK}?|-)(?P<unit>{any_of(UNITS)})(?:{_END}|(?<=[%²³]))", re.I | re.A)
STRENGTH = re.compile(rf"(?:magnitudo|M){BLANK}?(?P<number>\d{{1,2}}(?:[.,]\d{{1,2}})?){_END}", re.A)
MONEY_WORDS = frozenset(sign.rstrip(".") for sign in _SIGNS)
NUMBER_WORDS = SPELT
_LETTERS = {"k": "ribu", "M": "miliar", "T": "triliun", "B": "billion"}  # "Rp 1,2 M"
_ENGLISH_LETTERS = {"k": "thousand", "m": "million", "M": "million", "b": "billion", "B": "billion", "T": "trillion"}


def read_money(text: str, at: int, english: bool) -> tuple[int, str] | None:
    """Return the end and the value of an amount of money that begins at `at`."""
    match = SIGNED.match(text, at) if not text[at].isdigit() else None
    if match:
        currency = _SIGNS[match["sign"].lower()]
    elif match := NAMED.match(text, at):
        currency = _CURRENCIES[" ".join(match["currency"].lower().split())]
    else:
        return None
    value = _value(match, english or (currency != "IDR" and match.re is SIGNED and "," in match["number"][-4:-3]))
    return (match.end(), f"{value} {currency}") if value else None


def read_quantity(text: str, at: int, english: bool) -> tuple[int, str] | None:
    """Return the end and the value of a measured or counted quantity that begins at `at`."""
    match = MEASURED.match(text, at)
    if match:
        unit = UNITS[" ".join(match["unit"].lower().split())]
        value = _value(match, english)
        return (match.end(), f"{value} {unit}") if value else None
    match = STRENGTH.match(text, at) if not text[at].isdigit() else None
    if match:
        return match.end(), f"{plain(read_digits(match['number'], english=english))} M"
    return None


def _value(match: re.Match[str], english: bool) -> str:
    groups = match.groupdict()
    scale = groups["scale"] or ""
    if len(scale) == 1:
        letters = _ENGLISH_LETTERS if english else _LETTERS
        scale = letters.get(scale, letters.get(scale.lower(), ""))
    if groups["number"] is None:
        number: Decimal | None = read_words(groups["words"] or "")
        return plain(scaled(number, scale)) if number is not None else ""
    ends = [part for part in (groups["number"], groups.get("to")) if part]
    numbers = [scaled(read_digits(part, english=english, scaled=bool(scale)), scale) for part in ends]
    return "/".join(map(plain, numbers))
