"""The documents view: every document says what its record, and all others, make it say."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import lmdb
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from organisatieregister import facets
from organisatieregister.errors import DataDirectoryBusy, DataDirectoryFull, DataDirectoryUnusable
from organisatieregister.identifiers import OvoCode, concept_iri, concept_scheme_iri, part_iri
from organisatieregister.periods import Period
from organisatieregister.publication import statements_about_others
from organisatieregister.records import Record
from organisatieregister.representations import TURTLE, serialise
from organisatieregister.views import Change
from organisatieregister.views.documents import DocumentsView, StoredDocument
from organisatieregister.vocabulary import DCT, ORG, RDF, SKOS
from tests.examples import a_merger, an_organisation

DAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

PARENT = OvoCode("OVO000001").iri
CHILD = OvoCode("OVO000002").iri
OTHER = OvoCode("OVO000003").iri
SCHEME = concept_scheme_iri("Bestuursniveau")
LEVEL = concept_iri("Bestuursniveau", "lokaal")


def a_scheme(label: str = "Lokaal") -> Record:
    scheme, concept = NamedNode(SCHEME), NamedNode(LEVEL)
    return Record.of(
        SCHEME,
        [
            Triple(scheme, RDF.type, SKOS.ConceptScheme),
            Triple(scheme, SKOS.prefLabel, Literal("Bestuursniveau", language="nl")),
            Triple(scheme, SKOS.hasTopConcept, concept),
            Triple(concept, RDF.type, SKOS.Concept),
            Triple(concept, SKOS.inScheme, scheme),
            Triple(concept, SKOS.prefLabel, Literal(label, language="nl")),
        ],
    )


def parent(name: str = "Moeder") -> Record:
    return an_organisation("OVO000001", name)


def child(name: str = "Kind", under: str = "OVO000001") -> Record:
    level = facets.classification(CHILD, "Bestuursniveau", LEVEL)
    return an_organisation("OVO000002", name, parent=under, more=level)


@dataclass
class Feed:
    """Gives changes to a view as the projector does."""

    view: DocumentsView
    day: date = DAY
    time: datetime = MORNING
    position: int = 0
    held: dict[str, Change] = field(default_factory=dict)

    def put(self, *records: Record) -> None:
        self._apply({record.iri: record for record in records})

    def remove(self, *iris: str) -> None:
        self._apply(dict.fromkeys(iris))

    def turn(self, day: date) -> None:
        """It becomes another day."""
        self.day = day
        due = [self.held[iri] for iri in self.view.due(day)]
        again = [Change(c.iri, c.record, c.version, c.modified, day) for c in due]
        self.held |= {change.iri: change for change in again}
        self.view.apply(again, self.position)

    def _apply(self, records: dict[str, Record | None]) -> None:
        self.time += HOUR
        changes = [
            Change(iri, record, self.position + n, self.time, self.day)
            for n, (iri, record) in enumerate(records.items(), 1)
        ]
        self.held |= {change.iri: change for change in changes}
        self.position += len(changes)
        self.view.apply(changes, self.position)


@pytest.fixture
def view(tmp_path: Path) -> Iterator[DocumentsView]:
    view = DocumentsView.open(tmp_path / "documents")
    yield view
    view.close()


@pytest.fixture
def feed(view: DocumentsView) -> Feed:
    return Feed(view)


def stored(view: DocumentsView, iri: str) -> StoredDocument:
    document = view.get(iri)
    assert document is not None
    return document


def turtle_of(view: DocumentsView, iri: str) -> frozenset[Triple]:
    turtle = stored(view, iri).turtle
    return frozenset(q.triple for q in parse(turtle, format=RdfFormat.TURTLE))


def says(triples: Iterable[Triple], subject: str, predicate: NamedNode) -> set[str]:
    return {
        t.object.value  # type: ignore[union-attr]
        for t in triples
        if t.subject == NamedNode(subject) and t.predicate == predicate
    }


# --- what can be asked ---


def test_an_empty_view_knows_nothing(view: DocumentsView) -> None:
    assert view.position == 0
    assert view.get(PARENT) is None
    assert view.record(PARENT) is None
    assert view.owner(PARENT) is None
    assert view.document(PARENT, DAY) is None
    assert view.inbound(PARENT) == view.labels([PARENT]) == frozenset()
    assert view.due(date.max) == list(view.iris()) == []


def test_a_document_is_finished_turtle_of_the_whole_document(feed: Feed) -> None:
    feed.put(parent(), child(), a_scheme())
    document = stored(feed.view, CHILD)
    triples = feed.view.document(CHILD, DAY)
    assert triples is not None
    assert document.turtle == serialise(triples, TURTLE, CHILD)
    assert document.version == 2
    assert set(document.types) == says(triples, CHILD, RDF.type)
    assert says(triples, CHILD, ORG.subOrganizationOf) == {PARENT}
    assert says(triples, PARENT, SKOS.prefLabel) == {"Moeder"}
    assert says(triples, LEVEL, SKOS.prefLabel) == {"Lokaal"}
    above = turtle_of(feed.view, PARENT)
    assert says(above, PARENT, ORG.hasSubOrganization) == {CHILD}
    assert says(above, CHILD, SKOS.prefLabel) == {"Kind"}


def test_the_record_is_kept_as_it_is(feed: Feed) -> None:
    feed.put(parent(), child())
    assert feed.view.record(CHILD) == child()
    assert feed.view.record(part_iri(CHILD, "benaming", "x")) is None
    assert sorted(feed.view.iris()) == [PARENT, CHILD]


def test_every_part_leads_to_its_owner(feed: Feed) -> None:
    ended = an_organisation("OVO000002", "Kind", life=Period.parse("2001-01-01", "2024-12-31"))
    feed.put(parent(), ended, a_scheme())
    assert len(ended.parts) > 5
    assert any(part.endswith("#begin") for part in ended.parts)
    assert {feed.view.owner(part) for part in ended.parts} == {CHILD}
    assert feed.view.owner(LEVEL) == SCHEME
    assert feed.view.owner(CHILD) is None
    assert feed.view.owner(part_iri(CHILD, "benaming", "never made")) is None


def test_iris_of_any_length_are_looked_up(feed: Feed) -> None:
    far = "https://example.org/" + "x" * 5000
    long = an_organisation(
        "OVO000002", "Kind", more=facets.classification(CHILD, "Bestuursniveau", far)
    )
    feed.put(long)
    assert says(turtle_of(feed.view, CHILD), CHILD, ORG.classification) == {far}
    assert feed.view.owner(far) is None


def test_what_others_say_of_a_subject_is_known_before_it_exists(feed: Feed) -> None:
    feed.put(child())
    assert feed.view.inbound(PARENT) == statements_about_others(child(), DAY)
    feed.put(parent())
    assert says(turtle_of(feed.view, PARENT), PARENT, ORG.hasSubOrganization) == {CHILD}


# --- documents that change because others do ---


def test_a_new_name_of_the_parent_shows_in_the_documents_of_its_children(feed: Feed) -> None:
    feed.put(parent(), child(), an_organisation("OVO000003", "Buur"))
    before = {iri: stored(feed.view, iri) for iri in (CHILD, OTHER)}
    feed.put(parent("Grootmoeder"))
    after = {iri: stored(feed.view, iri) for iri in (CHILD, OTHER)}
    assert says(turtle_of(feed.view, CHILD), PARENT, SKOS.prefLabel) == {"Grootmoeder"}
    assert after[CHILD].etag != before[CHILD].etag
    assert after[CHILD].modified == feed.time > before[CHILD].modified
    assert after[CHILD].version == before[CHILD].version
    assert after[OTHER].etag == before[OTHER].etag
    assert after[OTHER].modified == before[OTHER].modified


def test_a_new_label_of_a_concept_shows_wherever_it_is_used(feed: Feed) -> None:
    feed.put(parent(), child(), a_scheme())
    feed.put(a_scheme("Plaatselijk"))
    assert says(turtle_of(feed.view, CHILD), LEVEL, SKOS.prefLabel) == {"Plaatselijk"}


def test_a_label_that_comes_later_shows_too(feed: Feed) -> None:
    feed.put(child())
    assert says(turtle_of(feed.view, CHILD), PARENT, SKOS.prefLabel) == set()
    feed.put(parent(), a_scheme())
    assert says(turtle_of(feed.view, CHILD), PARENT, SKOS.prefLabel) == {"Moeder"}
    assert says(turtle_of(feed.view, CHILD), LEVEL, SKOS.prefLabel) == {"Lokaal"}


def test_a_child_that_moves_leaves_one_parent_and_joins_another(feed: Feed) -> None:
    feed.put(parent(), child(), an_organisation("OVO000003", "Buur"))
    feed.put(child(under="OVO000003"))
    assert says(turtle_of(feed.view, PARENT), PARENT, ORG.hasSubOrganization) == set()
    assert says(turtle_of(feed.view, OTHER), OTHER, ORG.hasSubOrganization) == {CHILD}


def test_a_tombstone_takes_all_of_the_record_away(feed: Feed) -> None:
    feed.put(parent(), child())
    parts = child().parts
    feed.remove(CHILD)
    assert feed.view.get(CHILD) is None
    assert feed.view.record(CHILD) is None
    assert feed.view.document(CHILD, DAY) is None
    assert {feed.view.owner(part) for part in parts} == {None}
    assert says(turtle_of(feed.view, PARENT), PARENT, ORG.hasSubOrganization) == set()
    assert feed.view.labels([CHILD]) == frozenset()
    assert list(feed.view.iris()) == [PARENT]
    assert feed.view.position == 3


def test_a_label_that_goes_with_its_record_is_no_longer_shown(feed: Feed) -> None:
    feed.put(parent(), child())
    feed.remove(PARENT)
    assert says(turtle_of(feed.view, CHILD), PARENT, SKOS.prefLabel) == set()
    assert says(turtle_of(feed.view, CHILD), CHILD, ORG.subOrganizationOf) == {PARENT}


def test_a_merger_leads_from_the_ended_to_the_new(feed: Feed) -> None:
    ended = Period.parse("", "2024-12-31")
    feed.put(
        an_organisation("OVO000001", "Nazareth", life=ended),
        an_organisation("OVO000002", "De Pinte", life=ended),
        an_organisation("OVO000003", "Nazareth-De Pinte", life=Period.parse("2025-01-01")),
        a_merger("2025-01-01", ["OVO000001", "OVO000002"], "OVO000003"),
    )
    document = stored(feed.view, PARENT)
    assert document.successors == (OTHER,)
    assert says(turtle_of(feed.view, PARENT), OTHER, SKOS.prefLabel) == {"Nazareth-De Pinte"}
    feed.put(an_organisation("OVO000003", "Een andere naam", life=Period.parse("2025-01-01")))
    assert says(turtle_of(feed.view, PARENT), OTHER, SKOS.prefLabel) == {"Een andere naam"}


# --- days ---


def renamed_on(day: str, code: str = "OVO000001") -> Record:
    iri = OvoCode(code).iri
    eve = (date.fromisoformat(day) - timedelta(1)).isoformat()
    return an_organisation(
        code,
        "",
        more=facets.name(iri, "voorkeursnaam", "Oud", Period.parse("", eve))
        + facets.name(iri, "voorkeursnaam", "Nieuw", Period.parse(day)),
    )


def test_a_record_is_due_on_the_day_on_which_it_reads_otherwise(feed: Feed) -> None:
    feed.put(renamed_on("2027-01-01"), child())
    assert feed.view.due(date(2026, 12, 31)) == []
    assert feed.view.due(date(2027, 1, 1)) == [PARENT]
    assert feed.view.due(date(2030, 1, 1)) == [PARENT]
    feed.put(parent())
    assert feed.view.due(date.max) == []


def test_on_that_day_its_document_and_those_that_show_it_change(feed: Feed) -> None:
    feed.put(renamed_on("2027-01-01"), child())
    before = stored(feed.view, CHILD)
    feed.turn(date(2026, 12, 31))
    assert says(turtle_of(feed.view, CHILD), PARENT, SKOS.prefLabel) == {"Oud"}
    feed.turn(date(2027, 1, 1))
    assert says(turtle_of(feed.view, PARENT), PARENT, SKOS.prefLabel) == {"Nieuw"}
    assert says(turtle_of(feed.view, CHILD), PARENT, SKOS.prefLabel) == {"Nieuw"}
    after = stored(feed.view, CHILD)
    assert after.etag != before.etag
    # midnight in Brussels
    assert after.modified == datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert feed.view.due(date.max) == []


def test_any_day_can_be_asked_for(feed: Feed) -> None:
    moved = an_organisation(
        "OVO000002",
        "Kind",
        more=facets.parent(CHILD, PARENT, Period.parse("2001-01-01", "2010-12-31"))
        + facets.parent(CHILD, OTHER, Period.parse("2011-01-01")),
    )
    feed.put(renamed_on("2008-01-01"), moved, an_organisation("OVO000003", "Buur"))

    def on(iri: str, day: str) -> frozenset[Triple]:
        triples = feed.view.document(iri, date.fromisoformat(day))
        assert triples is not None
        return triples

    assert says(on(CHILD, "2005-05-05"), CHILD, ORG.subOrganizationOf) == {PARENT}
    assert says(on(CHILD, "2005-05-05"), PARENT, SKOS.prefLabel) == {"Oud"}
    assert says(on(CHILD, "2009-05-05"), PARENT, SKOS.prefLabel) == {"Nieuw"}
    assert says(on(CHILD, "2015-05-05"), CHILD, ORG.subOrganizationOf) == {OTHER}
    assert says(on(PARENT, "2005-05-05"), PARENT, ORG.hasSubOrganization) == {CHILD}
    assert says(on(PARENT, "2015-05-05"), PARENT, ORG.hasSubOrganization) == set()
    assert says(on(OTHER, "2015-05-05"), OTHER, ORG.hasSubOrganization) == {CHILD}
    history = feed.view.document(CHILD, DAY, historic=True)
    assert history is not None
    assert moved.triples <= history
    assert not moved.triples <= on(CHILD, DAY.isoformat())


# --- the file ---


def test_everything_is_there_after_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "documents"
    view = DocumentsView.open(path)
    feed = Feed(view)
    feed.put(parent(), child())
    before = turtle_of(view, CHILD)
    view.close()
    again = DocumentsView.open(path, readonly=True)
    assert (again.position, turtle_of(again, CHILD)) == (2, before)
    again.close()


def test_filling_gives_the_same_as_applying(tmp_path: Path, feed: Feed) -> None:
    feed.put(parent(), child())
    feed.put(a_scheme(), a_merger("2025-01-01", ["OVO000001"], "OVO000003"))
    feed.put(parent("Nieuw"))
    filled = DocumentsView.open(tmp_path / "filled")
    filled.bulk(feed.held.values(), 5)
    assert filled.position == feed.view.position == 5
    for iri in feed.view.iris():
        assert turtle_of(filled, iri) == turtle_of(feed.view, iri)
    filled.close()


def test_only_an_empty_view_is_filled(feed: Feed) -> None:
    feed.put(parent())
    with pytest.raises(ValueError, match="empty"):
        feed.view.bulk([], 2)


def test_one_process_writes(tmp_path: Path, feed: Feed) -> None:
    feed.put(parent())
    with pytest.raises(DataDirectoryBusy):
        DocumentsView.open(tmp_path / "documents")


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A view of three records, closed."""
    path = tmp_path / "documents"
    view = DocumentsView.open(path)
    Feed(view).put(parent(), child(), a_scheme())
    view.close()
    return path


def data_file(path: Path) -> Path:
    return (path / "current").resolve() / "data.mdb"


def truncate(path: Path) -> None:
    os.truncate(data_file(path), data_file(path).stat().st_size // 2)


def overwrite(path: Path) -> None:
    data_file(path).write_bytes(b"dit is geen boom " * 2000)


def lose(path: Path) -> None:
    shutil.rmtree((path / "current").resolve())


def other_format(path: Path) -> None:
    environment = lmdb.open(str((path / "current").resolve()), max_dbs=9)
    with environment.begin(write=True) as transaction:
        transaction.put(b"format", b"0", db=environment.open_db(b"state", transaction))
    environment.close()


@pytest.mark.parametrize("damage", [truncate, overwrite, lose, other_format])
def test_a_view_that_does_not_fit_is_dropped_and_filled_again(closed: Path, damage: object) -> None:
    assert callable(damage)
    damage(closed)
    view = DocumentsView.open(closed)
    assert view.position == 0
    assert view.get(PARENT) is None
    view.bulk([Change(PARENT, parent(), 1, MORNING, DAY)], 1)
    assert view.position == 1
    assert says(turtle_of(view, PARENT), PARENT, SKOS.prefLabel) == {"Moeder"}
    view.close()


def test_a_reader_of_a_view_of_another_format_sees_an_empty_one(closed: Path) -> None:
    other_format(closed)
    reader = DocumentsView.open(closed, readonly=True)
    assert reader.position == 0
    assert reader.get(PARENT) is None
    reader.close()


def test_a_damaged_document_is_named(closed: Path) -> None:
    environment = lmdb.open(str((closed / "current").resolve()), max_dbs=9)
    with environment.begin(write=True) as transaction:
        documents = environment.open_db(b"documents", transaction)
        for number, value in list(transaction.cursor(documents)):
            transaction.put(number, value[:-9] + bytes(9), db=documents)
    environment.close()
    reader = DocumentsView.open(closed, readonly=True)
    document = stored(reader, PARENT)
    with pytest.raises(DataDirectoryUnusable, match="rebuild"):
        _ = document.turtle
    reader.close()


def test_the_file_grows_as_needed(tmp_path: Path) -> None:
    small = 1 << 18
    for way in ("apply", "bulk"):
        view = DocumentsView.open(tmp_path / way, map_size=small)
        changes = [
            Change(OvoCode.of(n).iri, an_organisation(f"OVO{n:06d}", "A" * 400), n, MORNING, DAY)
            for n in range(1, 400)
        ]
        getattr(view, way)(changes, 399)
        assert data_file(tmp_path / way).stat().st_size > 2 * small
        assert sum(1 for _ in view.iris()) == 399
        assert all(view.get(change.iri) for change in changes)
        view.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("only root may mount")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_named_and_changes_nothing(small_disk: Path) -> None:
    view = DocumentsView.open(small_disk / "documents")
    feed = Feed(view)
    feed.put(parent(), child())
    before = turtle_of(view, CHILD)
    many = [
        Change(OvoCode.of(n).iri, an_organisation(f"OVO{n:06d}"), 3, MORNING, DAY)
        for n in range(1, 2000)
    ]
    with pytest.raises(DataDirectoryFull):
        view.apply(many, 2001)
    assert view.position == 2
    assert turtle_of(view, CHILD) == before
    feed.put(parent("Nieuw"))
    assert says(turtle_of(view, CHILD), PARENT, SKOS.prefLabel) == {"Nieuw"}
    view.close()
    other = DocumentsView.open(small_disk / "filled")
    with pytest.raises(DataDirectoryFull):
        other.bulk(many, 2001)
    assert other.position == 0
    other.close()


def test_the_classes_and_dates_of_a_document_need_no_unpacking(feed: Feed) -> None:
    feed.put(parent())
    document = stored(feed.view, PARENT)
    assert (document.version, document.modified, document.successors) == (1, feed.time, ())
    assert "turtle" not in document.__dict__
    assert says(turtle_of(feed.view, PARENT), PARENT, DCT.identifier) == {"OVO000001"}
