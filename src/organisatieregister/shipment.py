"""The data that ship: built once from CSV files of facts, and from then on Turtle in ``data/``.

``build`` writes ``organisaties/*.ttl``, ``gebeurtenissen/*.ttl`` and ``verslag/*.csv`` (what was
refused, mended and noted). ``seal`` proves what ships against the shapes and writes it down in
``MANIFEST.csv``, with digests of data, code lists and shapes: while these fit, a first start need
not validate again.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from organisatieregister.errors import InvalidRecord, UnreadableSource
from organisatieregister.facets import FacetKind, facets
from organisatieregister.identifiers import concept_iri
from organisatieregister.records import Record
from organisatieregister.rules import Report, Rulebook
from organisatieregister.sources import Mending, Note, Proposal, Reason, Refusal, concepts, reasons
from organisatieregister.sources.csv import Row, rows
from organisatieregister.sources.facts import FILES, build_facts
from organisatieregister.sources.rdf import read_records
from organisatieregister.turtle import turtle
from organisatieregister.validity import is_change_event
from organisatieregister.vocabulary import DCT, REG

ORGANISATIONS, EVENTS, REPORT, MANIFEST = (
    "organisaties", "gebeurtenissen", "verslag", "MANIFEST.csv",
)  # fmt: skip

_CHECKED_AT_ONCE = 200  # records in one run of the rulebook

Said = Refusal | Mending | Note

# The file of an organisation by its classification; all others go to ``overige``.
_FILES: Mapping[str, tuple[str, ...]] = {
    "gemeenten": ("Gemeente",),
    "provincies-en-districten": ("Provincie", "District", "Vlaamse gemeenschapscommissie"),
    "ocmw": ("OCMW", "OCMW vereniging", "Autonome verzorgingsinstelling"),
    "erediensten": ("Bestuur van de eredienst", "Centraal bestuur van de eredienst"),
    "bedrijven": (
        "Autonoom gemeentebedrijf", "Autonoom provinciebedrijf", "PEVA gemeente", "PEVA provincie",
    ),
    "samenwerking": (
        "Opdrachthoudende vereniging", "Dienstverlenende vereniging", "Projectvereniging",
        "Intercommunale",
    ),
    "politie-en-hulpverlening": ("Politiezone", "Hulpverleningszone"),
    "vlaamse-overheid": (
        "Vlaamse overheid (VO-entiteit)", "Agentschap Binnenlands Bestuur",
        "Agentschap Facilitair Bedrijf", "Digitaal Vlaanderen",
    ),
}  # fmt: skip

_CLASSIFICATION = NamedNode(concept_iri("Classificatietype", "Organisatieclassificatie"))


@dataclass(frozen=True)
class Summary:
    """What a build made: records and triples a file, and how often each reason was met."""

    files: Mapping[str, tuple[int, int]]
    reasons: Mapping[Reason, int]

    @property
    def records(self) -> int:
        """The number of records."""
        return sum(count for count, _ in self.files.values())

    @property
    def triples(self) -> int:
        """The number of stored triples."""
        return sum(count for _, count in self.files.values())

    def __str__(self) -> str:
        counts = sorted(self.reasons.items(), key=lambda item: item[0].code)
        return "\n".join(
            [f"{self.records} records, {self.triples} triples"]
            + [f"{name}: {records} records" for name, (records, _) in self.files.items()]
            + [f"{count:5} {reason.code}: {reason.nl}" for reason, count in counts]
        )


def build(csv_dir: Path, out: Path, rulebook: Rulebook) -> Summary:
    """Turn the CSV files into what ships in ``out``; the same files give the same bytes.

    A record that breaks a shape is refused with the reason. Raises UnreadableSource when a file
    is missing or cannot be read.
    """
    proposals: list[Proposal] = []
    findings: list[Said] = []
    with ExitStack() as stack:
        streams = {name: stack.enter_context(_open(csv_dir / name)) for name in FILES}
        for finding in build_facts(streams):
            if isinstance(finding, Proposal):
                proposals.append(finding)
            else:
                findings.append(finding)
    faults = _faults([proposal.record for proposal in proposals], rulebook)
    file_of = _file_of_classification(csv_dir)
    files: dict[str, list[Record]] = {}
    for proposal in proposals:
        record = proposal.record
        if record.iri in faults:
            detail = "; ".join(faults[record.iri])
            findings.append(
                Refusal(proposal.file, proposal.line, "", record.iri, reasons.BROKEN_RECORD, detail)
            )
        else:
            files.setdefault(_file(record, file_of), []).append(record)
    for name, records in files.items():
        _write(out / name, "".join(turtle(sorted(records, key=lambda r: r.iri))))
    _write_report(out / REPORT, findings)
    return Summary(
        files={n: (len(rs), sum(len(r.triples) for r in rs)) for n, rs in sorted(files.items())},
        reasons=Counter(finding.reason for finding in findings),
    )


def shipped_records(ontology: Path, data: Path) -> Iterator[Record]:
    """All records that ship, in a fixed order: terms, examples, lists, organisations, events.

    Raises UnreadableSource and MalformedRecord.
    """
    for path in [*_words(ontology), *shipped_files(data)]:
        yield from read_records(path.read_bytes(), path.name, path.suffix)


def shipped_words(ontology: Path) -> Iterator[Record]:
    """Our own terms, examples and code lists: what every register holds."""
    for path in _words(ontology):
        yield from read_records(path.read_bytes(), path.name, path.suffix)


def shipped_files(data: Path) -> list[Path]:
    """The Turtle files of the data, in a fixed order."""
    return [*sorted((data / ORGANISATIONS).glob("*.ttl")), *sorted((data / EVENTS).glob("*.ttl"))]


def seal(ontology: Path, data: Path, shapes: Path, rulebook: Rulebook) -> Report:
    """Check all that ships against the shapes and renew ``MANIFEST.csv``; returns the warnings.

    Raises InvalidRecord with the report when a record breaks a shape; nothing is written then.
    """
    report = _check(list(shipped_records(ontology, data)), rulebook)
    if not report.conforms:
        raise InvalidRecord(report)
    lines = [("file", "sha256", "records", "triples")]
    for name, path in _sealed_files(ontology, data, shapes):
        content = path.read_bytes()
        counts = ("", "")
        if not name.startswith("shapes/"):
            records = list(read_records(content, path.name, path.suffix))
            counts = (str(len(records)), str(sum(len(record.triples) for record in records)))
        lines.append((name, hashlib.sha256(content).hexdigest(), *counts))
    _write(data / MANIFEST, _csv(lines))
    return report


def is_validated(ontology: Path, data: Path, shapes: Path) -> bool:
    """True while data, code lists and shapes are those that ``seal`` saw together."""
    try:
        with (data / MANIFEST).open(newline="", encoding="utf-8") as lines:
            sealed = {row["file"]: row["sha256"] for row in csv.DictReader(lines)}
    except (FileNotFoundError, KeyError):
        return False
    return sealed == {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in _sealed_files(ontology, data, shapes)
    }


def _words(ontology: Path) -> list[Path]:
    """The files of our own terms, of the example queries and of the code lists."""
    own = [ontology / name for name in ("organisatieregister.ttl", "voorbeeldvragen.ttl")]
    return [*filter(Path.exists, own), *sorted((ontology / "codelijsten").glob("*.ttl"))]


def _sealed_files(ontology: Path, data: Path, shapes: Path) -> Iterator[tuple[str, Path]]:
    for folder, name, paths in (
        (data, "data", shipped_files(data)),
        (ontology, "ontology", _words(ontology)),
        (shapes, "shapes", sorted(shapes.glob("*.ttl"))),
    ):
        yield from ((f"{name}/{path.relative_to(folder).as_posix()}", path) for path in paths)


def _check(records: Sequence[Record], rulebook: Rulebook) -> Report:
    """The report on the records, each with those around it that the shapes look at."""
    holder = {iri: record for record in records for iri in record.by_subject}
    report = Report(())
    for start in range(0, len(records), _CHECKED_AT_ONCE):
        chunk = records[start : start + _CHECKED_AT_ONCE]
        around = {iri for record in chunk for iri in rulebook.neighbours_of(record)}
        neighbours = {holder[iri].iri: holder[iri] for iri in sorted(around) if iri in holder}
        for record in chunk:
            neighbours.pop(record.iri, None)
        report = report.merge(rulebook.check(chunk, list(neighbours.values())))
    return report


def _open(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise UnreadableSource(str(path), error.strerror or "cannot be read") from error


def _faults(records: Sequence[Record], rulebook: Rulebook) -> dict[str, list[str]]:
    """The Dutch texts of the violations, by the IRI of the record."""
    faults: dict[str, list[str]] = {}
    for result in _check(records, rulebook).violations:
        faults.setdefault(result.record, []).append(f"{result.message_nl} [{result.name}]")
    return faults


def _file_of_classification(csv_dir: Path) -> dict[str, str]:
    """The name of the file by the IRI of the classification."""
    with _open(csv_dir / "codelists.csv") as lines:
        table = rows(lines, "codelists.csv", concepts.COLUMNS)
        known = concepts.CodeLists.read(row for row in table if isinstance(row, Row))
    return {
        known.classifications[label]: name
        for name, labels in _FILES.items()
        for label in labels
        if label in known.classifications
    }


def _file(record: Record, file_of: Mapping[str, str]) -> str:
    if is_change_event(record):
        return f"{EVENTS}/fusies.ttl"
    name = "overige"
    for facet in facets(record):
        if facet.kind is FacetKind.CLASSIFICATION and facet.value(DCT.type) == _CLASSIFICATION:
            concept = facet.value(REG.concept)
            name = file_of.get(concept.value, name) if concept else name
    return f"{ORGANISATIONS}/{name}.ttl"


def _write_report(folder: Path, findings: Iterable[Said]) -> None:
    refused, mended, noted = [], [], []
    for f in findings:
        why = (f.reason.code, f.reason.nl, f.reason.en)
        match f:
            case Refusal():
                refused.append((f.file, f.line, f.field, f.value, f.detail, *why))
            case Mending():
                mended.append((f.file, f.line, f.field, f.before, f.after, *why))
            case Note():
                noted.append((f.file, f.line, f.field, f.value, *why))
    place, why_columns = ("bestand", "regel", "veld"), ("regelcode", "reden", "reason")
    for name, columns, lines in (
        ("geweigerd", ("waarde", "bijzonderheid"), refused),
        ("hersteld", ("voor", "na"), mended),
        ("opmerkingen", ("waarde",), noted),
    ):
        _write(folder / f"{name}.csv", _csv([(*place, *columns, *why_columns), *lines]))


def _csv(lines: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
