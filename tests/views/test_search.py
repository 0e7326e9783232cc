"""The search view: what people type finds the organisation, whatever happens in between."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import tantivy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets, places
from organisatieregister.errors import (
    DataDirectoryBusy,
    DataDirectoryFull,
    DataDirectoryUnusable,
)
from organisatieregister.identifiers import OvoCode, concept_iri, concept_scheme_iri
from organisatieregister.periods import ALWAYS, Period
from organisatieregister.records import Record
from organisatieregister.validity import ACTIVE, INACTIVE
from organisatieregister.views import Change
from organisatieregister.views.search import ListQuery, SearchView
from organisatieregister.views.search.storage import index_directory, tables_file
from organisatieregister.vocabulary import RDF, SKOS, VLORG
from tests.examples import KBO, a_merger, an_organisation, kbo_number, organisations

DAY = date(2026, 11, 23)
MOMENT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NIS = facets.KeyType("NIS", "Statbel")
MUNICIPALITY = concept_iri("Bestuurstype", "gemeente")
OCMW = concept_iri("Bestuurstype", "ocmw")


def change(record: Record, version: int = 1, day: date = DAY) -> Change:
    return Change(record.iri, record, version, MOMENT, day)


def changes(*records: Record) -> list[Change]:
    return [change(record, version) for version, record in enumerate(records, 1)]


def gone(record: Record) -> Change:
    return Change(record.iri, None, 9, MOMENT, DAY)


def organisation(code: str, name: str, *more: Iterable[Triple], **known: Any) -> Record:
    return an_organisation(code, name, more=[t for part in more for t in part], **known)


def iri(code: str) -> str:
    return OvoCode(code).iri


def classified(code: str, concept: str) -> list[Triple]:
    return facets.classification(iri(code), "Categorie", concept)


def sited(code: str, municipality: str, postcode: str, period: Period = ALWAYS) -> list[Triple]:
    address = places.Address(f"Dorp 1, {postcode} {municipality}", postcode=postcode,
                             municipality=municipality)  # fmt: skip
    return places.site(iri(code), "hoofdvestiging", address, period)


def former_name(code: str, name: str, until: date) -> list[Triple]:
    return facets.name(iri(code), "voorkeursnaam", name, Period(None, until))


def scheme(*labels: tuple[str, str, str]) -> Record:
    """A concept scheme; of each concept the IRI, the Dutch and the English label."""
    about = concept_scheme_iri("Bestuurstype")
    triples = [Triple(NamedNode(about), RDF.type, SKOS.ConceptScheme)]
    for concept, dutch, english in labels:
        node = NamedNode(concept)
        triples += [
            Triple(NamedNode(about), SKOS.hasTopConcept, node),
            Triple(node, RDF.type, SKOS.Concept),
            Triple(node, SKOS.inScheme, NamedNode(about)),
            Triple(node, SKOS.prefLabel, Literal(dutch, language="nl")),
            Triple(node, SKOS.prefLabel, Literal(english, language="en")),
        ]
    return Record.of(about, triples)


@pytest.fixture
def view(tmp_path: Path) -> Iterator[SearchView]:
    opened = SearchView.open(tmp_path / "search")
    yield opened
    opened.close()


def names(view: SearchView, text: str) -> list[str]:
    return [hit.name for hit in view.suggest(text)]


def listed(view: SearchView, **query: Any) -> list[str]:
    return [hit.code for hit in view.list(ListQuery(**query)).hits]


GHENT = organisation(
    "OVO000001", "Stad Gent",
    facets.identifier(iri("OVO000001"), KBO, kbo_number(2074514)),
    facets.identifier(iri("OVO000001"), NIS, "44021"),
    sited("OVO000001", "Gent", "9000"), classified("OVO000001", MUNICIPALITY),
)  # fmt: skip
OCMW_GHENT = organisation(
    "OVO000002", "OCMW Gent", sited("OVO000002", "Gent", "9000"), classified("OVO000002", OCMW),
    facets.name(iri("OVO000002"), "korte-naam", "OCMWG"), parent="OVO000001",
)  # fmt: skip
NAZARETH = organisation(
    "OVO002188", "Gemeente Nazareth", classified("OVO002188", MUNICIPALITY),
    sited("OVO002188", "Nazareth", "9810"), life=Period(None, date(2024, 12, 31)),
)  # fmt: skip
NAZARETH_DE_PINTE = organisation(
    "OVO053388", "Gemeente Nazareth-De Pinte", classified("OVO053388", MUNICIPALITY),
    sited("OVO053388", "Nazareth-De Pinte", "9810"), life=Period(date(2025, 1, 1), None),
)  # fmt: skip
COOPERATIVE = organisation(
    "OVO000005", "Coöperatieve Scholen van Brussel", parent="OVO000001", life=Period(),
)  # fmt: skip
RENAMED = organisation(
    "OVO000006", "Departement Zorg",
    former_name("OVO000006", "Agentschap Welzijn", date(2023, 5, 31)), parent="OVO000009",
)  # fmt: skip
ALL = (GHENT, OCMW_GHENT, NAZARETH, NAZARETH_DE_PINTE, COOPERATIVE, RENAMED)


@pytest.fixture
def filled(view: SearchView) -> SearchView:
    view.bulk(changes(*ALL), 10)
    return view


# --- finding ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("gent", "Stad Gent"),
        ("STAD GÉNT", "Stad Gent"),
        ("Stad Ge", "Stad Gent"),
        ("cooperatieve", "Coöperatieve Scholen van Brussel"),
        ("coöperatieve brussel", "Coöperatieve Scholen van Brussel"),
        ("scholen de brussel", "Coöperatieve Scholen van Brussel"),
        ("schol", "Coöperatieve Scholen van Brussel"),
        ("O.C.M.W. Gent", "OCMW Gent"),
        ("ocmwg", "OCMW Gent"),
        ("nazaret", "Gemeente Nazareth-De Pinte"),
        ("nazarteh pinte", "Gemeente Nazareth-De Pinte"),
        ("brusel", "Coöperatieve Scholen van Brussel"),
        ("9000 ocmw", "OCMW Gent"),
        ("44021", "Stad Gent"),
        ("welzijn", "Departement Zorg"),
        ("csb", "Coöperatieve Scholen van Brussel"),
    ],
)
def test_what_people_type_finds_the_organisation(
    filled: SearchView, typed: str, found: str
) -> None:
    assert names(filled, typed)[0] == found


@pytest.mark.parametrize(
    "typed",
    ["OVO000001", "ovo-000001", " OVO 000001 ", "https://data.vlaanderen.be/id/organisatie/OVO000001",
     "http://data.vlaanderen.be/doc/organisatie/ovo000001", kbo_number(2074514),
     f"BE {kbo_number(2074514)}", "0207.451.4" + kbo_number(2074514)[8:], kbo_number(2074514)[1:]],
)  # fmt: skip
def test_a_code_in_any_spelling_goes_straight_to_the_organisation(
    filled: SearchView, typed: str
) -> None:
    assert names(filled, typed) == ["Stad Gent"]
    assert listed(filled, text=typed) == ["OVO000001"]


@pytest.mark.parametrize("typed", ["OVO00000", "ovo 0000", "0207.451", "0207 45"])
def test_the_beginning_of_a_code_suggests_what_has_it(filled: SearchView, typed: str) -> None:
    assert "Stad Gent" in names(filled, typed)


def test_what_nobody_is_called_finds_nothing(filled: SearchView) -> None:
    for typed in ("", "   ", "???", "xylofoon", "OVO999999", kbo_number(1)):
        assert names(filled, typed) == []
    assert listed(filled, text="xylofoon") == []
    assert listed(filled, text="???") == []


def test_organisations_that_exist_come_before_those_that_ended(filled: SearchView) -> None:
    assert names(filled, "gemeente nazareth")[:1] == ["Gemeente Nazareth"]  # called just so
    assert names(filled, "nazareth") == ["Gemeente Nazareth-De Pinte", "Gemeente Nazareth"]


def test_a_whole_word_comes_before_a_beginning_and_that_before_a_typo(view: SearchView) -> None:
    view.bulk(
        changes(
            organisation("OVO000001", "Politiezone Lierde"),
            organisation("OVO000002", "Politiezone Lieer"),
            organisation("OVO000003", "Politiezone Lier"),
        ),
        1,
    )
    assert names(view, "lier") == ["Politiezone Lier", "Politiezone Lierde", "Politiezone Lieer"]


def test_of_equals_the_shortest_name_comes_first(view: SearchView) -> None:
    view.bulk(
        changes(
            organisation("OVO000001", "Zorgbedrijf en Woonzorgcentra Antwerpen"),
            organisation("OVO000002", "Stad Antwerpen"),
        ),
        1,
    )
    assert names(view, "antwer")[0] == "Stad Antwerpen"


def test_what_is_in_a_place_comes_before_what_is_named_after_it(view: SearchView) -> None:
    view.bulk(
        changes(
            organisation("OVO000001", "CKB Lier"),
            organisation("OVO000002", "Kerkbestuur van Lier", sited("OVO000002", "Lier", "2500")),
        ),
        1,
    )
    assert names(view, "lier") == ["Kerkbestuur van Lier", "CKB Lier"]


def test_initials_find_what_has_a_long_name(view: SearchView) -> None:
    welfare = organisation(
        "OVO000001", "Openbaar Centrum voor Maatschappelijk Welzijn van Gent",
        former_name("OVO000001", "OCMW Gent", date(2020, 1, 1)),
    )  # fmt: skip
    view.bulk(changes(welfare, organisation("OVO000002", "Stad Gent")), 1)
    for typed in ("ocmw gent", "OCMW G", "ocmwg"):
        (found,) = view.suggest(typed)
        assert (found.code, found.former_name) == ("OVO000001", "")


def test_a_list_takes_typos_only_when_nothing_fits_to_the_letter(filled: SearchView) -> None:
    assert set(listed(filled, text="nazareth")) == {"OVO002188", "OVO053388"}
    assert set(listed(filled, text="nazereth")) == {"OVO002188", "OVO053388"}


def test_it_says_by_which_former_name_an_organisation_was_found(filled: SearchView) -> None:
    (by_former,) = filled.suggest("welzijn")
    (by_current,) = filled.suggest("departement zorg")
    assert by_former.former_name == "Agentschap Welzijn"
    assert by_current.former_name == ""
    assert filled.list(ListQuery(text="agentschap")).hits[0].former_name == "Agentschap Welzijn"


def test_a_name_of_the_future_is_no_name_yet(view: SearchView) -> None:
    record = organisation(
        "OVO000001", "",
        former_name("OVO000001", "Dienst Heden", date(2027, 1, 31)),
        facets.name(iri("OVO000001"), "voorkeursnaam", "Dienst Morgen", Period(date(2027, 2, 1))),
    )  # fmt: skip
    view.bulk([change(record)], 1)
    assert names(view, "dienst") == ["Dienst Heden"]
    assert names(view, "morgen") == []
    view.apply([change(record, day=date(2027, 2, 1))], 1)
    assert names(view, "morgen") == ["Dienst Morgen"]
    assert view.suggest("heden")[0].former_name == "Dienst Heden"


@pytest.mark.parametrize(
    "hostile",
    ["*", "name:*", "gent OR id:[0 TO *]", '"gent', "gent~5", "(((((", "+ - && ||", "id:0", "\\",
     "'; --", "^8", "/.*/", "\x00", "%", "_", "a" * 5000, "gent " * 2000, "\u202egent", "０００",
     "٣٤"],
)  # fmt: skip
def test_nothing_that_is_typed_is_a_query_language(filled: SearchView, hostile: str) -> None:
    found = filled.suggest(hostile)
    assert len(found) <= len(ALL)
    assert "Departement Zorg" not in [hit.name for hit in found]
    filled.list(ListQuery(text=hostile, municipality=hostile, parent=hostile, status=hostile,
                          classification=hostile, sort=hostile, page=-5, size=10**9))  # fmt: skip


# --- hits ------------------------------------------------------------------------------------


def test_a_hit_shows_what_a_list_needs(filled: SearchView) -> None:
    filled.apply([change(scheme((OCMW, "OCMW", "Public centre")))], 11)
    hit = filled.hit(iri("OVO000002"))
    assert hit is not None
    assert (hit.code, hit.name, hit.short_name) == ("OVO000002", "OCMW Gent", "OCMWG")
    assert (hit.status, hit.municipality) == (ACTIVE.value, "Gent")
    assert hit.classification == ((OCMW, "OCMW"),)
    assert (hit.parent_iri, hit.parent_name) == (iri("OVO000001"), "Stad Gent")
    english = filled.hit(iri("OVO000002"), "en")
    assert english and english.classification == ((OCMW, "Public centre"),)
    ended = filled.hit(iri("OVO002188"))
    assert ended
    assert (ended.status, ended.end, ended.start) == (INACTIVE.value, "2024-12-31", None)
    assert ended.municipality == "Nazareth", "what ended keeps its last place"
    ghent = filled.hit(iri("OVO000001"))
    assert ghent and ghent.kbo == kbo_number(2074514)
    assert filled.hit(iri("OVO999999")) is None


def test_what_has_no_label_is_shown_by_the_end_of_its_iri(filled: SearchView) -> None:
    hit = filled.hit(iri("OVO000006"))
    assert hit and hit.parent_name == "OVO000009"
    ghent = filled.hit(iri("OVO000001"))
    assert ghent and ghent.classification == ((MUNICIPALITY, "gemeente"),)


# --- lists, facets, trees --------------------------------------------------------------------


def test_a_list_is_by_name_by_code_or_by_relevance(filled: SearchView) -> None:
    by_name = [hit.name for hit in filled.list(ListQuery()).hits]
    assert by_name == [
        "Coöperatieve Scholen van Brussel", "Departement Zorg", "Gemeente Nazareth",
        "Gemeente Nazareth-De Pinte", "OCMW Gent", "Stad Gent",
    ]  # fmt: skip
    assert listed(filled, sort="code") == sorted(record.iri[-9:] for record in ALL)
    assert listed(filled, text="nazareth", sort="code") == ["OVO002188", "OVO053388"]
    assert listed(filled, text="nazareth") == ["OVO053388", "OVO002188"]


def test_filters_narrow_the_list_and_combine(filled: SearchView) -> None:
    assert listed(filled, municipality="Gent") == ["OVO000002", "OVO000001"]
    assert listed(filled, parent=iri("OVO000001")) == ["OVO000005", "OVO000002"]
    assert listed(filled, status=INACTIVE.value) == ["OVO002188"]
    assert listed(filled, classification=MUNICIPALITY, status=ACTIVE.value) == [
        "OVO053388", "OVO000001",
    ]  # fmt: skip
    assert listed(filled, text="gent", classification=OCMW) == ["OVO000002"]
    assert listed(filled, municipality="Gent", status=INACTIVE.value) == []


def test_facets_count_what_each_value_would_leave(filled: SearchView) -> None:
    filled.apply([change(scheme((MUNICIPALITY, "Gemeente", "Municipality")))], 11)
    everything = filled.list(ListQuery()).facets
    counted = {f.value: f.count for f in everything["status"]}
    assert counted == {ACTIVE.value: 5, INACTIVE.value: 1}
    assert [(f.label, f.count) for f in everything["classificatie"]] == [
        ("Gemeente", 3), ("ocmw", 1),
    ]  # fmt: skip
    assert next((f.value, f.count) for f in everything["gemeente"]) == ("Gent", 2)
    assert [(f.label, f.count) for f in everything["ouder"]] == [("Stad Gent", 2), ("OVO000009", 1)]
    narrowed = filled.list(ListQuery(text="gent", classification=OCMW, language="en"))
    assert narrowed.total == 1
    of_text = {f.value: f.count for f in narrowed.facets["classificatie"]}
    assert of_text == {MUNICIPALITY: 1, OCMW: 1}, "a facet does not count by its own filter"
    assert {f.label for f in narrowed.facets["classificatie"]} == {"Municipality", "ocmw"}
    assert sum(f.count for f in narrowed.facets["status"]) == 1


def test_a_list_comes_in_pages_and_as_a_whole(view: SearchView) -> None:
    records = [organisation(f"OVO{n:06d}", f"Dienst {n:04d}") for n in range(1, 1203)]
    view.bulk(changes(*records), 1)
    first = view.list(ListQuery(size=100))
    second = view.list(ListQuery(size=100, page=2))
    assert first.total == second.total == 1202
    assert [hit.name for hit in second.hits][:2] == ["Dienst 0101", "Dienst 0102"]
    assert len(view.list(ListQuery(size=100, page=13)).hits) == 2
    assert view.list(ListQuery(page=14_000)).hits == ()
    assert [hit.code for hit in view.every(ListQuery(page=3))] == [r.iri[-9:] for r in records]
    assert len(list(view.every(ListQuery(text="dienst")))) == 1202
    within = view.list(ListQuery(page=-1, size=10**6, text="x" * 900, sort="naam; DROP"))
    assert (within.query.page, within.query.size, len(within.query.text)) == (1, 1000, 200)


def test_children_are_those_directly_below(filled: SearchView) -> None:
    below = filled.children(iri("OVO000001"))
    assert [hit.code for hit in below.hits] == ["OVO000005", "OVO000002"]
    assert below.total == 2
    assert [hit.code for hit in filled.children(iri("OVO000001"), 2, 1).hits] == ["OVO000002"]
    assert filled.children(iri("OVO000005")).total == 0


def test_the_latest_changes_are_those_of_today_and_the_last_events(view: SearchView) -> None:
    merger = a_merger("2025-01-01", ["OVO002188"], "OVO053388")
    older = a_merger("2019-01-01", ["OVO000001"], "OVO000002", "Oude fusie")
    yesterday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    view.bulk([
        change(merger, 1), change(older, 2), change(GHENT, 3),
        Change(RENAMED.iri, RENAMED, 4, yesterday, DAY),
    ], 4)  # fmt: skip
    latest = view.latest(3)
    assert [found.name for found in latest] == ["Fusie van gemeenten", "Oude fusie", "Stad Gent"]
    assert (latest[0].kind, latest[0].happened) == (VLORG.Fusie.value, "2025-01-01")
    assert latest[0].time == "2026-11-23T09:30:00+00:00"
    assert view.latest(9)[3].name == "Departement Zorg"


def test_counts_tell_how_much_there_is(filled: SearchView) -> None:
    filled.apply([change(a_merger("2025-01-01", ["OVO002188"], "OVO053388"))], 11)
    counts = filled.counts()
    assert (counts.organisations, counts.events) == (6, 1)
    assert {f.value: f.count for f in counts.by_status} == {ACTIVE.value: 5, INACTIVE.value: 1}
    assert [f.count for f in counts.by_classification] == [2, 1]  # the third has ended
    for found in counts.by_classification:
        asked = ListQuery(classification=found.value, status=ACTIVE.value)
        assert filled.list(asked).total == found.count


# --- changes ---------------------------------------------------------------------------------


def test_a_change_replaces_what_was_known_and_a_removal_ends_it(filled: SearchView) -> None:
    renamed = organisation("OVO000001", "Stad Brugge", sited("OVO000001", "Brugge", "8000"))
    filled.apply([change(renamed), gone(OCMW_GHENT)], 12)
    assert filled.position == 12
    assert names(filled, "gent") == []
    assert names(filled, "brugge") == ["Stad Brugge"]
    assert listed(filled, classification=MUNICIPALITY) == ["OVO002188", "OVO053388"]
    assert listed(filled, municipality="Gent") == []
    assert filled.hit(OCMW_GHENT.iri) is None
    hit = filled.hit(COOPERATIVE.iri)
    assert hit and hit.parent_name == "Stad Brugge"


def test_a_concept_that_loses_its_label_is_shown_without(filled: SearchView) -> None:
    filled.apply([change(scheme((OCMW, "OCMW", "x"), (MUNICIPALITY, "Gemeente", "y")))], 11)
    filled.apply([change(scheme((MUNICIPALITY, "Stad of gemeente", "y")))], 12)
    labels = {f.value: f.label for f in filled.list(ListQuery()).facets["classificatie"]}
    assert labels == {MUNICIPALITY: "Stad of gemeente", OCMW: "ocmw"}
    filled.apply([gone(scheme())], 13)
    labels = {f.value: f.label for f in filled.list(ListQuery()).facets["classificatie"]}
    assert labels == {MUNICIPALITY: "gemeente", OCMW: "ocmw"}


def test_the_revision_changes_with_every_commit_even_at_the_same_position(
    filled: SearchView,
) -> None:
    before = filled.revision
    assert filled.revision == before
    filled.apply([change(GHENT)], 10)
    assert filled.revision != before


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(organisations(), min_size=1, max_size=4, unique_by=lambda record: record.iri))
def test_every_organisation_is_found_by_its_code_and_listed(
    tmp_path_factory: pytest.TempPathFactory, records: list[Record]
) -> None:
    view = SearchView.open(tmp_path_factory.mktemp("search"))
    view.bulk(changes(*records), 1)
    again = [change(record) for record in records]
    view.apply(again, 2)
    for record in records:
        (hit,) = view.suggest(record.iri)
        assert hit.iri == record.iri
        assert hit.name
        view.suggest(hit.name)
    result = view.list(ListQuery())
    assert result.total == len(records) == sum(f.count for f in result.facets["status"])
    view.close()


# --- what happens in between -----------------------------------------------------------------


def test_it_is_as_it_was_when_opened_again(tmp_path: Path) -> None:
    view = SearchView.open(tmp_path)
    view.bulk(changes(*ALL), 10)
    view.close()
    again = SearchView.open(tmp_path)
    assert again.position == 10
    assert names(again, "gent") == ["Stad Gent", "OCMW Gent"]
    again.close()


def test_a_reader_sees_each_commit_of_the_writer_at_once(tmp_path: Path) -> None:
    reader = SearchView.open(tmp_path / "search", readonly=True)
    assert (reader.position, reader.list(ListQuery()).total, names(reader, "gent")) == (0, 0, [])
    writer = SearchView.open(tmp_path / "search")
    assert reader.counts().organisations == 0
    writer.bulk(changes(*ALL), 10)
    assert (reader.position, names(reader, "gent")) == (10, ["Stad Gent", "OCMW Gent"])
    writer.apply([gone(GHENT)], 11)
    assert (reader.position, names(reader, "gent")) == (11, ["OCMW Gent"])
    with pytest.raises(DataDirectoryUnusable):
        reader.apply([], 12)
    reader.close()
    writer.close()


def test_a_reader_follows_a_view_that_was_dropped_and_made_again(tmp_path: Path) -> None:
    writer = SearchView.open(tmp_path)
    writer.bulk(changes(*ALL), 10)
    reader = SearchView.open(tmp_path, readonly=True)
    assert names(reader, "gent") == ["Stad Gent", "OCMW Gent"]
    writer.close()
    (tmp_path / "damaged").touch()
    writer = SearchView.open(tmp_path)
    assert (writer.position, reader.position, names(reader, "gent")) == (0, 0, [])
    writer.bulk(changes(RENAMED), 1)
    assert (reader.position, names(reader, "zorg")) == (1, ["Departement Zorg"])
    reader.close()
    writer.close()


def test_readers_and_the_writer_do_not_wait_for_each_other(tmp_path: Path) -> None:
    writer = SearchView.open(tmp_path)
    writer.bulk(changes(*ALL), 1)
    reader = SearchView.open(tmp_path, readonly=True)
    writing = threading.Event()

    def read(_: int) -> set[str]:
        seen: set[str] = set()
        while not writing.is_set():
            seen.update(names(reader, "gent"))
            assert reader.list(ListQuery(text="gemeente")).total == 2
            assert reader.counts().organisations in (5, 6)
        return seen

    with ThreadPoolExecutor(4) as pool:
        reading = [pool.submit(read, number) for number in range(4)]
        for position in range(2, 22):
            writer.apply([gone(GHENT) if position % 2 else change(GHENT)], position)
        writing.set()
        assert all(found.result(10) == {"Stad Gent", "OCMW Gent"} for found in reading)
    reader.close()
    writer.close()


def test_a_second_writer_is_refused(filled: SearchView, tmp_path: Path) -> None:
    with pytest.raises(DataDirectoryBusy):
        SearchView.open(tmp_path / "search")
    assert names(filled, "gent") == ["Stad Gent", "OCMW Gent"]


class Stopped(Exception):
    """What breaks a batch off in the tests."""


def test_a_batch_that_breaks_off_leaves_nothing(filled: SearchView) -> None:
    def stopping() -> Iterator[Change]:
        yield gone(GHENT)
        yield change(organisation("OVO000077", "Nieuwe Dienst"))
        raise Stopped

    with pytest.raises(Stopped) as held:  # a traceback holds on to what it passed through
        filled._writing.apply(stopping(), 11)
    assert (filled.position, names(filled, "gent")) == (10, ["Stad Gent", "OCMW Gent"])
    filled.apply([change(organisation("OVO000078", "Andere Dienst"))], 11)
    assert held.tb
    assert names(filled, "dienst") == ["Andere Dienst"]
    assert names(filled, "gent") == ["Stad Gent", "OCMW Gent"]


def test_a_filling_that_breaks_off_leaves_an_empty_view(view: SearchView) -> None:
    def stopping() -> Iterator[Change]:
        yield change(GHENT)
        raise Stopped

    with pytest.raises(Stopped):
        view.bulk(stopping(), 11)
    assert (view.position, view.list(ListQuery()).total, names(view, "gent")) == (0, 0, [])
    view.bulk(changes(OCMW_GHENT), 11)
    assert (view.position, names(view, "gent")) == (11, ["OCMW Gent"])


def test_a_full_disk_is_named_and_leaves_nothing(
    filled: SearchView, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled._writing._connection.execute("PRAGMA max_page_count = 1")
    big = [organisation(f"OVO{n:06d}", f"Dienst {n} " + "x" * 900) for n in range(1000, 1100)]
    with pytest.raises(DataDirectoryFull):
        filled.apply(changes(*big), 11)
    assert (filled.position, names(filled, "dienst")) == (10, [])
    filled._writing._connection.execute("PRAGMA max_page_count = 1000000")
    filled.apply(changes(*big), 11)
    assert len(names(filled, "dienst")) == 10


@pytest.mark.parametrize("where", ["in a batch", "index ahead of tables"])
def test_a_killed_writer_leaves_tables_and_index_in_agreement(tmp_path: Path, where: str) -> None:
    view = SearchView.open(tmp_path)
    view.bulk(changes(*ALL), 10)
    view.close()
    script = f"""
import os, signal
from pathlib import Path
from tests.views.test_search import *
from organisatieregister.views.search.writer import SearchWriter
view = SearchView.open(Path({str(tmp_path)!r}))
writer = view._writing
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
batch = [gone(GHENT), change(organisation("OVO000077", "Nieuwe Dienst"))]
if {where!r} == "in a batch":
    batch.append(type("Deadly", (), {{"record": property(die)}})())
else:
    class Connection:
        def __init__(self, real): self.real = real
        def __getattr__(self, name): return getattr(self.real, name)
        def execute(self, sql, *rest):
            return die() if sql == "COMMIT" else self.real.execute(sql, *rest)
    writer._connection = Connection(writer._connection)
view.apply(batch, 11)
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False, timeout=30)
    assert ended.returncode == -signal.SIGKILL
    again = SearchView.open(tmp_path)
    assert (again.position, names(again, "dienst")) == (10, [])
    assert names(again, "gent") == ["Stad Gent", "OCMW Gent"]
    again.apply([gone(GHENT)], 11)
    assert names(again, "gent") == ["OCMW Gent"]
    again.close()


def damage_tables(path: Path) -> None:
    tables_file(path).write_bytes(b"this is no database, whatever you may think" * 400)


def cut_tables(path: Path) -> None:
    content = tables_file(path).read_bytes()
    tables_file(path).write_bytes(content[: len(content) // 3])


def change_format(path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tables_file(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize("harm", [damage_tables, cut_tables, change_format])
def test_damaged_tables_or_another_format_start_again_from_nothing(
    tmp_path: Path, harm: Any
) -> None:
    view = SearchView.open(tmp_path)
    view.bulk(changes(*ALL), 10)
    view.close()
    harm(tmp_path)
    again = SearchView.open(tmp_path)
    assert (again.position, again.list(ListQuery()).total, names(again, "gent")) == (0, 0, [])
    again.bulk(changes(GHENT), 3)
    assert names(again, "gent") == ["Stad Gent"]
    again.close()


def test_damage_that_comes_to_light_later_is_mended_at_the_next_opening(tmp_path: Path) -> None:
    view = SearchView.open(tmp_path)
    view.bulk(changes(*ALL), 10)
    view.close()
    content = bytearray(tables_file(tmp_path).read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    tables_file(tmp_path).write_bytes(content)
    reader = SearchView.open(tmp_path, readonly=True)
    with pytest.raises(DataDirectoryUnusable):
        reader.list(ListQuery())
    reader.close()
    again = SearchView.open(tmp_path)
    assert again.position == 0
    again.close()


@pytest.mark.parametrize("harm", ["gone", "garbage", "of another time"])
def test_an_index_that_does_not_fit_the_tables_is_written_anew(tmp_path: Path, harm: str) -> None:
    view = SearchView.open(tmp_path)
    view.bulk(changes(*ALL), 10)
    view.close()
    index = index_directory(tmp_path)
    if harm == "garbage":
        (index / "meta.json").write_text("{")
    else:
        for file in index.iterdir():
            file.unlink()
    if harm == "of another time":
        other = SearchView.open(tmp_path / "other")
        other.bulk(changes(COOPERATIVE), 1)
        other.close()
        for file in index_directory(tmp_path / "other").iterdir():
            file.rename(index / file.name)
    again = SearchView.open(tmp_path)
    assert (again.position, names(again, "gent")) == (10, ["Stad Gent", "OCMW Gent"])
    assert again.suggest("welzijn")[0].former_name == "Agentschap Welzijn"
    again.close()


def test_the_index_holds_each_organisation_once(filled: SearchView, tmp_path: Path) -> None:
    for position in range(11, 14):
        filled.apply(changes(*ALL), position)
    filled.apply([gone(GHENT)], 14)
    index = tantivy.Index.open(str(index_directory(tmp_path / "search")))
    of_the_marker = 1
    assert index.searcher().num_docs == len(ALL) - 1 + of_the_marker
