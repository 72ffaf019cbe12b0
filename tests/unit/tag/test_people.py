"""People of one article: who a short name means, who is told apart, and where a name ends."""

import pytest

from tests.shipped import shipped_tagger

TAGGER = shipped_tagger()


def people(*texts: str) -> list[tuple[str, str]]:
    return [
        (entity.text, entity.name)
        for entities in TAGGER.tag_fields(texts)
        for entity in entities
        if entity.type == "PERSON"
    ]


@pytest.mark.parametrize(
    ("text", "short", "name"),
    [
        # Somebody else has the first name of a president: whoever was last called so.
        (
            "Camat Tualang Prabowo Hartanto membuka lomba desa. Prabowo berharap warga ikut. "
            "Presiden Prabowo Subianto dijadwalkan datang bulan depan.",
            "Prabowo", "Prabowo Hartanto",
        ),
        (
            "Presiden Prabowo Subianto menelepon camat. Camat Tualang Prabowo Hartanto terkejut. "
            "Menurut Prabowo, telepon itu singkat.",
            "Prabowo", "Prabowo Hartanto",
        ),
        # A family name means the one known by it where both are named together, or when it meant them before.
        ("Donald Trump dan Ivanka Trump tiba di London. Menurut Trump, acara itu meriah.", "Trump", "Donald Trump"),
        ("Menurut Trump, tarif akan naik. Ivanka Trump tidak setuju dengan kebijakan itu.", "Trump", "Donald Trump"),
        ("Ivanka Trump tiba di London. Menurut Trump, acara itu meriah.", "Trump", "Ivanka Trump"),
    ],
)  # fmt: skip
def test_a_short_name_means_the_person_last_called_so(text: str, short: str, name: str) -> None:
    assert {found for said, found in people(text) if said == short} == {name}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Donald Trump Jr. membela ayahnya. Donald Trump menolak berkomentar.",
            ["Donald Trump Jr.", "Donald Trump"],
        ),
        (
            "Sri Sultan Hamengku Buwono IX memimpin lama. Sri Sultan Hamengku Buwono X meneruskannya.",
            ["Hamengku Buwono IX", "Hamengku Buwono X"],
        ),
        (
            "Ahmad Fauzan Nasution melapor ke polisi. Polisi memeriksa Ahmad Nasution sebagai saksi.",
            ["Ahmad Fauzan Nasution", "Ahmad Nasution"],
        ),
    ],
)
def test_people_with_much_of_a_name_in_common_are_kept_apart(text: str, names: list[str]) -> None:
    assert [name.removeprefix("Sri Sultan ") for _, name in people(text)] == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Presiden Ferdinand Marcos Jr. tiba di Jakarta. Menurut Marcos Jr., kerja sama itu penting.",
         "Ferdinand Marcos Jr"),
        ("Rektor Hendra B. Wijaya membuka kuliah. Menurut Hendra Wijaya, mahasiswa harus membaca.", "Hendra B. Wijaya"),
        ("Rektor Dewi Ayu Lestari membuka kuliah. Menurut Ayu Lestari, mahasiswa harus membaca.", "Dewi Ayu Lestari"),
    ],
)  # fmt: skip
def test_a_part_of_a_name_is_the_same_person(text: str, name: str) -> None:
    assert {found for _, found in people(text)} == {name}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Rapat dipimpin Raja Charles III di London.", ["Raja Charles III", "Charles III"]),
        ("Hadir pula Budi Santoso, S.H., M.H. dalam acara itu.", ["Budi Santoso"]),
        ("Hadir pula Budi Santoso SH dalam acara itu.", ["Budi Santoso"]),
        ("Hadir pula Mahfud MD dalam acara itu.", ["Mahfud MD"]),
        ("Konferensi itu digelar di Trump Tower, New York.", []),
        ("Final digelar di Stadion Ahmad Hidayat, Jumat malam.", []),
    ],
)
def test_a_name_ends_where_it_ends(text: str, said: list[str]) -> None:
    found = [said for said, _ in people(text)]
    assert found == said[:1] or (len(said) > 1 and found == said[1:])  # with or without the title


def test_the_stop_behind_a_numeral_ends_the_sentence() -> None:
    text = "Tamu disambut Sri Sultan Hamengku Buwono X. Warga bersorak."
    assert people(text) == [("Sri Sultan Hamengku Buwono X", "Sri Sultan Hamengku Buwono X")]


def test_a_building_is_a_place() -> None:
    assert [(e.text, e.type) for e in TAGGER.tag("Pertemuan digelar di Trump Tower.")] == [("Trump Tower", "LOCATION")]


def test_a_country_before_a_known_person_is_cut_off() -> None:
    found = [(e.text, e.type) for e in TAGGER.tag("Presiden Filipina Ferdinand Marcos Jr. tiba di Jakarta.")]
    assert found[:2] == [("Filipina", "LOCATION"), ("Ferdinand Marcos Jr.", "PERSON")]


def test_a_word_of_two_letters_calls_whom_the_gazetteer_knows_by_it() -> None:
    found = [e.text for e in TAGGER.tag("Presiden Xi Jinping hadir, tetapi Xi diam.")]
    assert found == ["Xi Jinping", "Xi"]


def test_a_first_name_that_is_a_plain_word_begins_a_name() -> None:
    assert [e.text for e in TAGGER.tag("Hari Wibowo ditunjuk menjadi direktur.")] == ["Hari Wibowo"]
