"""What ships: the committed data are whole, and a build from CSV gives just such data."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from organisatieregister.errors import InvalidRecord, UnreadableSource
from organisatieregister.facets import FacetKind, facets, life
from organisatieregister.identifiers import KboNumber, OvoCode, concept_iri
from organisatieregister.periods import Period
from organisatieregister.records import Record, text_of
from organisatieregister.rules import Rulebook
from organisatieregister.rules.engine import PyShaclEngine
from organisatieregister.shipment import (
    MANIFEST,
    build,
    is_validated,
    seal,
    shipped_files,
    shipped_records,
)
from organisatieregister.validity import is_change_event, is_organisation, shortcuts, status
from organisatieregister.vocabulary import DCT, ORG, RDF, REG, SKOS, SKOSXL, VLORG
from tests.sources.feiten import files, organisation

ROOT = Path(__file__).parents[1]
ONTOLOGY, DATA, SHAPES = ROOT / "ontology", ROOT / "data", ROOT / "shapes"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def records() -> dict[str, Record]:
    found = list(shipped_records(ONTOLOGY, DATA))
    by_iri = {record.iri: record for record in found}
    assert len(by_iri) == len(found), "no record stands in two files"
    return by_iri


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook(PyShaclEngine("\n".join(p.read_text() for p in sorted(SHAPES.glob("*.ttl")))))


def report(name: str) -> list[dict[str, str]]:
    with (DATA / "verslag" / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def by_code(records: dict[str, Record], code: str) -> Record:
    return records[OvoCode(code).iri]


# --- the committed data ----------------------------------------------------------------------


def test_3974_organisations_and_25_mergers_ship(records: dict[str, Record]) -> None:
    assert sum(map(is_organisation, records.values())) == 3974
    mergers = [record for record in records.values() if is_change_event(record)]
    assert len(mergers) == 25
    assert all(Triples.merger(record) for record in mergers)


def test_every_organisation_has_a_code_that_is_its_iri(records: dict[str, Record]) -> None:
    for record in filter(is_organisation, records.values()):
        [code] = [t.object for t in record.by_subject[record.iri] if t.predicate == DCT.identifier]
        assert OvoCode.parse(text_of(code)).iri == record.iri


def test_every_organisation_has_a_dutch_name_today(records: dict[str, Record]) -> None:
    for record in filter(is_organisation, records.values()):
        names = [t for t in shortcuts(record, TODAY) if t.predicate == SKOS.prefLabel]
        assert len(names) == 1, record.iri


def test_every_enterprise_number_passes_its_check(records: dict[str, Record]) -> None:
    kind = NamedNode(concept_iri("Sleuteltype", "KBO"))
    numbers = [
        text_of(value)
        for record in filter(is_organisation, records.values())
        for facet in facets(record)
        if facet.value(DCT.type) == kind and (value := facet.value(SKOS.notation))
    ]
    assert all(KboNumber(number) for number in numbers)
    assert Counter(Counter(numbers).values()) == {1: 3221, 2: 3}


def test_every_parent_is_known_or_reported(records: dict[str, Record]) -> None:
    reported = Counter(
        row["waarde"] for row in report("opmerkingen") if row["regelcode"] == "ouder-onbekend"
    )
    unknown: Counter[str] = Counter()
    for record in filter(is_organisation, records.values()):
        for facet in facets(record):
            above = facet.value(ORG.organization)
            if facet.kind is FacetKind.PARENT and above and above.value not in records:
                unknown[above.value.rpartition("/")[2]] += 1
    assert unknown == reported
    assert sum(unknown.values()) == 80


def test_nobody_is_above_itself_however_far_up(records: dict[str, Record]) -> None:
    above = {
        record.iri: facet.value(ORG.organization)
        for record in filter(is_organisation, records.values())
        for facet in facets(record)
        if facet.kind is FacetKind.PARENT
    }
    for iri in above:
        seen, at = {iri}, above.get(iri)
        while at is not None and at.value in above:
            assert at.value not in seen, f"{iri} hangs in a circle"
            seen.add(at.value)
            at = above[at.value]


def test_every_concept_that_is_pointed_to_ships(records: dict[str, Record]) -> None:
    concepts = {iri for record in records.values() for iri in record.by_subject}
    pointed = {
        text_of(triple.object)
        for record in filter(is_organisation, records.values())
        for triple in record.triples
        if triple.predicate in (DCT.type, REG.concept)
    }
    assert not pointed - concepts


def test_nazareth_ended_on_the_last_day_of_2024_and_leads_to_its_successor(
    records: dict[str, Record],
) -> None:
    nazareth, successor = by_code(records, "OVO002188"), by_code(records, "OVO053388")
    assert life(nazareth) == Period(None, date(2024, 12, 31))
    assert life(successor) == Period(date(2025, 1, 1))
    assert status(nazareth, date(2024, 12, 31)).value.endswith("/actief")
    assert status(nazareth, TODAY).value.endswith("/nietactief")
    followed = {
        text_of(triple.object)
        for record in filter(is_change_event, records.values())
        for triple in shortcuts(record, TODAY)
        if triple.predicate == DCT.isReplacedBy and text_of(triple.subject) == nazareth.iri
    }
    assert followed == {successor.iri}


class Triples:
    """What a record of a merger says."""

    def __init__(self, record: Record) -> None:
        own = record.by_subject[record.iri]
        self.originals = {text_of(t.object) for t in own if t.predicate == ORG.originalOrganization}
        self.results = {text_of(t.object) for t in own if t.predicate == ORG.resultingOrganization}
        self.classes = {t.object for t in own if t.predicate == RDF.type}
        self.day = date.fromisoformat(
            next(text_of(t.object) for t in own if t.predicate == DCT.date)
        )

    @staticmethod
    def merger(record: Record) -> bool:
        return VLORG.Fusie in Triples(record).classes


def test_a_merger_has_two_originals_one_result_and_all_lives_agree(
    records: dict[str, Record],
) -> None:
    for record in filter(is_change_event, records.values()):
        said = Triples(record)
        assert len(said.originals) >= 2
        [result] = said.results
        assert said.day == date(2025, 1, 1)
        for iri in said.originals - said.results:
            assert life(records[iri]).end == date(2024, 12, 31)
        assert life(records[result]).end is None
        if result not in said.originals:
            assert life(records[result]).start == said.day


def test_a_municipality_that_stayed_has_its_old_and_its_new_nis_code(
    records: dict[str, Record],
) -> None:
    kind = NamedNode(concept_iri("Sleuteltype", "NIS"))
    codes = {
        text_of(value): facet.period
        for facet in facets(by_code(records, "OVO002249"))
        if facet.value(DCT.type) == kind and (value := facet.value(SKOS.notation))
    }
    assert codes == {
        "37015": Period(date(1977, 1, 1), date(2024, 12, 31)),
        "37022": Period(date(2025, 1, 1)),
    }


def test_policy_domains_say_that_they_are_editorial(records: dict[str, Record]) -> None:
    kind = NamedNode(concept_iri("Classificatietype", "Beleidsdomein"))
    domains = [
        facet
        for record in filter(is_organisation, records.values())
        for facet in facets(record)
        if facet.value(DCT.type) == kind
    ]
    editorial = NamedNode(concept_iri("Herkomst", "redactioneel"))
    assert len(domains) == 96
    assert all(facet.value(DCT.source) == editorial for facet in domains)


def test_the_oddities_are_in_the_report() -> None:
    mended = {(row["regelcode"], row["veld"], row["voor"]) for row in report("hersteld")}
    assert ("eigen-ouder", "parent_ovo", "OVO051297") in mended
    assert ("begin-na-einde", "valid_from", "2021-04-01") in mended
    noted = Counter(row["regelcode"] for row in report("opmerkingen"))
    assert noted["kbo-nummer-gedeeld"] == 6
    assert all(row["reden"] and row["reason"] for row in report("geweigerd"))


def test_the_manifest_tells_the_counts_and_digests_of_the_data(records: dict[str, Record]) -> None:
    with (DATA / MANIFEST).open(newline="", encoding="utf-8") as lines:
        rows = {row["file"]: row for row in csv.DictReader(lines)}
    for path in shipped_files(DATA):
        row = rows[f"data/{path.relative_to(DATA).as_posix()}"]
        assert row["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest(), path.name
    counted = [row for name, row in rows.items() if not name.startswith("shapes/")]
    assert sum(int(row["records"]) for row in counted) == len(records)
    assert sum(int(row["triples"]) for row in counted) == sum(
        len(record.triples) for record in records.values()
    )


def test_data_code_lists_and_shapes_were_sealed_together() -> None:
    assert is_validated(ONTOLOGY, DATA, SHAPES), "renew the seal: organisatieregister.shipment.seal"


def test_no_file_that_ships_is_too_large_to_review() -> None:
    assert all(path.stat().st_size < 5_000_000 for path in shipped_files(DATA))


# --- a build ---------------------------------------------------------------------------------


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    folder = tmp_path / "feiten"
    folder.mkdir()
    rows = [
        organisation("OVO000001", "Gemeente Een", classification="Gemeente", status="niet actief"),
        organisation("OVO000002", "Gemeente Twee", classification="Gemeente", status="actief"),
        organisation("OVO000003", "Museum &amp; Park", status="actief", parent_ovo="OVO000002"),
    ]
    tables = files(organisations=rows, changes=["2025-01-01,fusie,OVO000001,OVO000002"])
    for name, lines in tables.items():
        (folder / name).write_bytes(b"".join(lines))
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_build_writes_a_file_a_kind_and_the_report(
    facts: Path, tmp_path: Path, rulebook: Rulebook
) -> None:
    summary = build(facts, tmp_path / "data", rulebook)
    assert set(tree(tmp_path / "data")) == {
        "organisaties/gemeenten.ttl", "organisaties/overige.ttl", "gebeurtenissen/fusies.ttl",
        "verslag/geweigerd.csv", "verslag/hersteld.csv", "verslag/opmerkingen.csv",
    }  # fmt: skip
    assert summary.records == 4
    assert {reason.code: n for reason, n in summary.reasons.items()} == {
        "einde-door-fusie": 1, "opslorping": 1, "html-tekens": 1,
    }  # fmt: skip
    assert "4 records" in str(summary)


def test_the_same_files_give_the_same_bytes(
    facts: Path, tmp_path: Path, rulebook: Rulebook
) -> None:
    build(facts, tmp_path / "a", rulebook)
    build(facts, tmp_path / "b", rulebook)
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_what_is_built_ships(facts: Path, tmp_path: Path, rulebook: Rulebook) -> None:
    summary = build(facts, tmp_path / "data", rulebook)
    found = list(shipped_records(tmp_path / "none", tmp_path / "data"))
    assert len(found) == summary.records
    assert sum(len(record.triples) for record in found) == summary.triples


def test_a_record_that_breaks_a_shape_is_refused_with_the_rule(facts: Path, tmp_path: Path) -> None:
    strict = Rulebook(PyShaclEngine((SHAPES / "vormen.ttl").read_text() + STRICT))
    summary = build(facts, tmp_path / "data", strict)
    assert summary.records == 3
    refused = (tmp_path / "data" / "verslag" / "geweigerd.csv").read_text()
    assert "record-ongeldig" in refused
    assert "Geen museum." in refused


STRICT = """
<https://data.vlaanderen.be/ns/organisatieregister/shapes#geen-museum>
  a <http://www.w3.org/ns/shacl#NodeShape> ;
  <http://www.w3.org/ns/shacl#targetClass> <http://www.w3.org/2008/05/skos-xl#Label> ;
  <http://www.w3.org/ns/shacl#property>
    <https://data.vlaanderen.be/ns/organisatieregister/shapes#geen-museum-naam> .
<https://data.vlaanderen.be/ns/organisatieregister/shapes#geen-museum-naam>
  a <http://www.w3.org/ns/shacl#PropertyShape> ;
  <http://www.w3.org/ns/shacl#path> <http://www.w3.org/2008/05/skos-xl#literalForm> ;
  <http://www.w3.org/ns/shacl#pattern> "^Gemeente" ;
  <http://www.w3.org/ns/shacl#severity> <http://www.w3.org/ns/shacl#Violation> ;
  <http://www.w3.org/ns/shacl#message> "Geen museum."@nl , "No museum."@en .
"""


def test_a_missing_file_is_named(facts: Path, tmp_path: Path, rulebook: Rulebook) -> None:
    (facts / "nis_codes.csv").unlink()
    with pytest.raises(UnreadableSource, match=r"nis_codes\.csv"):
        build(facts, tmp_path / "data", rulebook)
    assert not (tmp_path / "data").exists()


# --- the seal --------------------------------------------------------------------------------


@pytest.fixture
def sealed(facts: Path, tmp_path: Path, rulebook: Rulebook) -> tuple[Path, Path, Path]:
    data = tmp_path / "data"
    build(facts, data, rulebook)
    shapes = shutil.copytree(SHAPES, tmp_path / "shapes")
    ontology = tmp_path / "ontology"
    (ontology / "codelijsten").mkdir(parents=True)
    seal(ontology, data, Path(shapes), rulebook)
    return ontology, data, Path(shapes)


def test_a_seal_holds_while_nothing_changes(sealed: tuple[Path, Path, Path]) -> None:
    assert is_validated(*sealed)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_seal_breaks_when_words_data_or_shapes_change(
    sealed: tuple[Path, Path, Path], place: int
) -> None:
    folder = [sealed[0] / "codelijsten", sealed[1] / "organisaties", sealed[2]][place]
    (folder / "nieuw.ttl").write_text("")
    assert not is_validated(*sealed)


def test_without_a_manifest_nothing_is_validated(sealed: tuple[Path, Path, Path]) -> None:
    (sealed[1] / MANIFEST).unlink()
    assert not is_validated(*sealed)


def test_data_that_break_a_shape_are_not_sealed(
    sealed: tuple[Path, Path, Path], rulebook: Rulebook
) -> None:
    path = sealed[1] / "organisaties" / "gemeenten.ttl"
    path.write_text(path.read_text().replace('literalForm "Gemeente Een"@nl', 'note "x"'))
    assert f"{SKOSXL.prefix}:literalForm" in path.read_text()
    before = (sealed[1] / MANIFEST).read_bytes()
    with pytest.raises(InvalidRecord):
        seal(*sealed, rulebook)
    assert (sealed[1] / MANIFEST).read_bytes() == before
