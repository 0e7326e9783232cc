"""The facts: six CSV files about Flemish organisations, turned into records.

``data/README.md`` describes the files. Their rows are read as streams; only ``organisations.csv``
is long, and it is read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from organisatieregister.errors import InputError
from organisatieregister.identifiers import OvoCode
from organisatieregister.sources import Finding, Note, Proposal, Refusal, concepts, reasons
from organisatieregister.sources import csv as csv_source
from organisatieregister.sources.csv import Row
from organisatieregister.sources.mergers import (
    COLUMNS as CHANGE_COLUMNS,
)
from organisatieregister.sources.mergers import (
    Merger,
    founding_days,
    last_days,
    merger_events,
    read_merger,
)
from organisatieregister.sources.organisations import COLUMNS as ORGANISATION_COLUMNS
from organisatieregister.sources.organisations import Background, Organisation, read_organisation

Lines = Iterable[bytes]

FILES: Mapping[str, tuple[str, ...]] = {
    "organisations.csv": ORGANISATION_COLUMNS,
    "nis_codes.csv": ("nis", "ovo", "valid_from", "valid_to"),
    "changes.csv": CHANGE_COLUMNS,
    "policy_domains.csv": ("ovo", "name_nl", "policy_domain", "basis"),
    "municipality_links.csv": (
        "ovo", "name_nl", "nis", "kbo", "refnis2025", "wikidata_territory", "geonames", "nuts_lau",
    ),
    "codelists.csv": concepts.COLUMNS,
}  # fmt: skip


def build_facts(files: Mapping[str, Lines]) -> Iterator[Finding]:
    """Records and findings from the six files, given as lines of bytes by file name.

    Organisations come in the order of their rows, then the mergers, then what shows only when all
    rows are read. Raises UnreadableSource for a file that cannot be read at all, and KeyError for
    a file that was not given.
    """
    tables = {name: _Table.read(files[name], name) for name in FILES if name != _MAIN}
    for table in tables.values():
        yield from table.refused
    yield from _Build(tables).run(csv_source.rows(files[_MAIN], _MAIN, FILES[_MAIN]))


_MAIN = "organisations.csv"


@dataclass(frozen=True, slots=True)
class _Table:
    """A short file, read whole."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @classmethod
    def read(cls, lines: Lines, name: str) -> _Table:
        table = cls()
        for row in csv_source.rows(lines, name, FILES[name]):
            if isinstance(row, Refusal):
                table.refused.append(row)
            else:
                table.rows.append(row)
        return table

    def by_code(self) -> dict[str, list[Row]]:
        """The rows by OVO code, as it is written."""
        groups: dict[str, list[Row]] = {}
        for row in self.rows:
            groups.setdefault(row["ovo"], []).append(row)
        return groups


class _Build:
    """One reading of the facts: what the short files say, and what was seen of the long one."""

    def __init__(self, tables: Mapping[str, _Table]) -> None:
        self._tables = tables
        readings = [
            read_merger(row, _first_days(tables["nis_codes.csv"].rows))
            for row in tables["changes.csv"].rows
        ]
        self._bad_changes = [r for r in readings if isinstance(r, Refusal)]
        self._mergers = [r for r in readings if isinstance(r, Merger)]
        self._background = Background(
            lists=concepts.CodeLists.read(tables["codelists.csv"].rows),
            nis_codes=tables["nis_codes.csv"].by_code(),
            territories=tables["municipality_links.csv"].by_code(),
            policy_domains=tables["policy_domains.csv"].by_code(),
            founding_days=founding_days(self._mergers),
            last_days=last_days(self._mergers),
        )
        self._seen: dict[str, Organisation] = {}

    def run(self, rows: Iterable[Row | Refusal]) -> Iterator[Finding]:
        for row in rows:
            if isinstance(row, Refusal):
                yield row
            else:
                yield from self._organisation(row)
        yield from self._bad_changes
        yield from merger_events(self._mergers, {c: o.name for c, o in self._seen.items()})
        yield from self._rows_of_nobody()
        yield from self._loose_ends()

    def _organisation(self, row: Row) -> Iterator[Finding]:
        try:
            code = OvoCode.parse(row["ovo"])
        except InputError as error:
            yield Refusal(row.file, row.line, "ovo", row["ovo"], reasons.BAD_OVO, str(error))
            return
        if code.value in self._seen:
            yield Refusal(row.file, row.line, "ovo", code.value, reasons.OVO_TWICE)
            return
        organisation = read_organisation(code, row, self._background)
        if organisation.record:
            self._seen[code.value] = organisation
            yield Proposal(organisation.record, row.file, row.line)
        yield from organisation.findings

    def _rows_of_nobody(self) -> Iterator[Finding]:
        for name in ("nis_codes.csv", "policy_domains.csv", "municipality_links.csv"):
            for row in self._tables[name].rows:
                if row["ovo"] not in self._seen:
                    yield Refusal(
                        row.file, row.line, "ovo", row["ovo"], reasons.UNKNOWN_ORGANISATION
                    )

    def _loose_ends(self) -> Iterator[Finding]:
        on_number: dict[str, list[Organisation]] = {}
        for organisation in self._seen.values():
            if organisation.parent and organisation.parent not in self._seen:
                yield Note(
                    _MAIN, organisation.line, "parent_ovo", organisation.parent,
                    reasons.UNKNOWN_PARENT,
                )  # fmt: skip
            if organisation.kbo:
                on_number.setdefault(organisation.kbo, []).append(organisation)
        for number, sharing in on_number.items():
            for organisation in sharing if len(sharing) > 1 else ():
                yield Note(_MAIN, organisation.line, "kbo", number, reasons.SHARED_KBO)
        without = sum(not organisation.status for organisation in self._seen.values())
        if without:
            yield Note(_MAIN, 0, "status", str(without), reasons.NO_STATUS)


def _first_days(nis_rows: Iterable[Row]) -> dict[str, date]:
    """Since when an organisation surely existed: the first day of its first NIS code."""
    days: dict[str, date] = {}
    for row in nis_rows:
        try:
            day = date.fromisoformat(row["valid_from"])
        except ValueError:
            continue
        days[row["ovo"]] = min(day, days.get(row["ovo"], day))
    return days
