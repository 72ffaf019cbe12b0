"""The sites: their names, layouts and the addresses they give their pages."""

from __future__ import annotations

import re
from datetime import datetime

from msgspec import Struct

from workers.newsroom.stories import Story

DOMAIN = "newsroom.test"
LAYOUTS = ("harian", "portal", "warta", "kilas", "mimbar")
BRANDS = (
    ("Harian Lancang Kuning", "Jernih dari tepian Siak"),
    ("Portal Nusaraya", "Berita yang bisa dipegang"),
    ("Warta Khatulistiwa", "Dari kampung ke dunia"),
    ("Kilas Pagi", "Cepat, singkat, lengkap"),
    ("Suara Bandar", "Kabar kota setiap jam"),
    ("Pena Sumatera", "Menulis apa adanya"),
    ("Media Cakrawala", "Melihat lebih jauh"),
    ("Jurnal Selat", "Catatan dari pesisir"),
)
SECTIONS = {
    "nasional": "Nasional",
    "riau": "Riau",
    "ekonomi": "Ekonomi",
    "olahraga": "Olahraga",
    "dunia": "Dunia",
    "teknologi": "Teknologi",
    "hukum": "Hukum",
    "opini": "Opini",
    "english": "English",
}
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}  # Indonesia's three zones by hours ahead of UTC


class Site(Struct, frozen=True):
    """One publisher's site."""

    number: int
    brand: str
    slogan: str
    layout: str

    @property
    def host(self) -> str:
        return f"site-{self.number}.{DOMAIN}"

    @property
    def base(self) -> str:
        return f"http://{self.host}"


def make_site(number: int) -> Site:
    """Return site `number` (from 1); brand and layout follow from the number."""
    brand, slogan = BRANDS[(number - 1) % len(BRANDS)]
    edition = (number - 1) // len(BRANDS)
    return Site(number, f"{brand} {edition + 1}" if edition else brand, slogan, LAYOUTS[(number - 1) % len(LAYOUTS)])


def article_path(layout: str, story: Story) -> str:
    """Return the address of a story's page within its site, in the style of the site's layout."""
    at = story.published_at
    if layout == "harian":
        return f"/{story.section}/d-{7_400_000 + story.number}/{story.slug}"
    if layout == "portal":
        return f"/{at:%Y/%m/%d}/{story.slug}/"
    if layout == "mimbar":
        return f"/{story.section}/baca/{story.number}-{story.slug}"
    if layout == "warta":
        return f"/read/{at:%Y%m%d}/{story.section}/{story.number}/{story.slug}.html"
    return f"/{story.section}/{story.slug}-{story.number}"


def short_path(story: Story) -> str:
    """Return the short address that redirects to the story's page (also its RSS guid on some sites)."""
    return f"/p/{story.number}"


def image_path(story: Story) -> str:
    return f"/images/{story.slug}.png"


def long_date(at: datetime, layout: str) -> str:
    """Return the time as the layout prints it, with the zone's Indonesian name."""
    zone = ZONES.get(round((at.utcoffset() or at - at).total_seconds() / 3600), "WIB")
    day, month = DAYS[at.weekday()], MONTHS[at.month - 1]
    if layout == "harian":
        return f"{day}, {at:%d} {SHORT_MONTHS[at.month - 1]} {at:%Y} {at:%H:%M} {zone}"
    if layout == "portal":
        return f"{at.day} {month} {at:%Y}, {at:%H:%M} {zone}"
    if layout == "warta":
        return f"{day}, {at.day} {month} {at:%Y} | {at:%H.%M} {zone}"
    return f"{at:%d/%m/%Y}, {at:%H:%M} {zone}"


def slug(text: str) -> str:
    """Return the text as part of an address: lower-case letters and digits, joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
