"""The commands, as a stranger types them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, serialize

from organisatieregister.records import Record
from organisatieregister.vocabulary import PREFIXES
from tests.examples import an_organisation
from tests.running import ovo, synthetic

COMMANDS = (
    "serve load import seal generate dump show query validate verify rebuild backup register "
    "rename move merge split replace dissolve terminate correct couple uncouple".split()
)  # fmt: skip


def turtle(path: Path, *records: Record) -> Path:
    triples = sorted((t for r in records for t in r.triples), key=str)
    path.write_bytes(serialize(triples, format=RdfFormat.TURTLE, prefixes=dict(PREFIXES)) or b"")
    return path


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with 60 organisations."""
    work = tmp_path_factory.mktemp("cli")
    ovo("load", synthetic(work / "register.nt", 60), "--data-dir", work / "data")
    return work / "data"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    text = ovo(command, "--help").stdout
    assert "Example: ovo" in text


def test_show_takes_any_spelling_of_a_code(filled: Path) -> None:
    for spelling in (
        "OVO100000",
        "ovo-100000",
        "https://data.vlaanderen.be/id/organisatie/OVO100000",
    ):
        shown = ovo("show", spelling, "--data-dir", filled).stdout
        assert "organisatie:OVO100000" in shown


def test_show_says_what_it_cannot_show(filled: Path) -> None:
    unknown = ovo("show", "OVO999999", "--data-dir", filled, check=False)
    assert unknown.returncode == 5
    assert "OVO999999" in unknown.stderr
    malformed = ovo("show", "OVO12", "--data-dir", filled, check=False)
    assert malformed.returncode == 3
    assert "OVO and six digits" in malformed.stderr


def test_query_answers_as_csv(filled: Path) -> None:
    text = "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?o a org:Organization }"
    assert ovo("query", text, "--data-dir", filled).stdout.split() == ["n", "60"]


def test_a_wrong_query_names_its_place(filled: Path) -> None:
    wrong = ovo("query", "SELECT ?s {", "--data-dir", filled, check=False)
    assert wrong.returncode == 3
    assert "line 1" in wrong.stderr or "1:" in wrong.stderr


def test_verify_finds_everything_equal_and_rebuild_leaves_it_so(filled: Path) -> None:
    before = ovo("verify", "--data-dir", filled).stdout
    assert "hash chain whole" in before
    assert "as in the journal" in before
    ovo("rebuild", "--data-dir", filled)
    assert ovo("verify", "--data-dir", filled).stdout == before


def test_verify_finds_a_view_that_is_behind(filled: Path, tmp_path: Path) -> None:
    backup = tmp_path / "data" / "journal.sqlite"
    backup.parent.mkdir()
    ovo("backup", backup, "--data-dir", filled)
    (tmp_path / "data" / "views").symlink_to(filled / "views")
    extra = turtle(tmp_path / "extra.ttl", an_organisation("OVO900001"))
    # The views belong to the other directory, whose journal does not have the new record.
    ovo("load", extra, "--data-dir", tmp_path / "data", check=False)
    found = ovo("verify", "--data-dir", filled, check=False)
    assert found.returncode == 1
    assert "rebuild" in found.stdout
    ovo("rebuild", "--data-dir", filled)


def test_a_backup_is_all_that_is_needed(filled: Path, tmp_path: Path) -> None:
    restored = tmp_path / "journal.sqlite"
    ovo("backup", restored, "--data-dir", filled)
    ovo("rebuild", "--data-dir", tmp_path)
    assert (
        ovo("verify", "--data-dir", tmp_path).stdout == ovo("verify", "--data-dir", filled).stdout
    )


def test_loading_the_same_file_again_changes_nothing(filled: Path, tmp_path: Path) -> None:
    again = synthetic(tmp_path / "again.nt", 60)
    assert " 0 new, 0 changed" in f" {ovo('load', again, '--data-dir', filled).stdout}"


def test_a_syntax_error_names_line_and_column_and_nothing_is_loaded(tmp_path: Path) -> None:
    good = turtle(tmp_path / "good.ttl", an_organisation("OVO000001"))
    bad = tmp_path / "bad.ttl"
    bad.write_text(good.read_text() + "\n<https://x.example/> <https://x.example/p> 'x'@@ .\n")
    done = ovo("load", bad, "--data-dir", tmp_path / "data", check=False)
    assert done.returncode == 3
    line = len(bad.read_text().splitlines())
    assert f"bad.ttl:{line}:" in done.stderr
    assert ovo("validate", "--data-dir", tmp_path / "data").returncode == 0
    assert _records(tmp_path / "data") == 0


def test_a_record_that_breaks_a_shape_is_reported_and_nothing_is_loaded(tmp_path: Path) -> None:
    nameless = turtle(
        tmp_path / "in.ttl", an_organisation("OVO000001"), an_organisation("OVO000002", name="")
    )
    for command in ("load", "validate"):
        done = ovo(command, nameless, "--data-dir", tmp_path / "data", check=False)
        assert done.returncode == 1
        assert "OVO000002" in done.stderr
        assert "OVO000001" not in done.stderr
    assert _records(tmp_path / "data") == 0


def test_a_journal_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    file = turtle(tmp_path / "in.ttl", an_organisation("OVO000001"))
    ovo("load", file, "--data-dir", tmp_path / "data")
    journal = tmp_path / "data" / "journal.sqlite"
    connection = sqlite3.connect(journal)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = journal.read_bytes()
    done = ovo("load", file, "--data-dir", tmp_path / "data", check=False)
    assert done.returncode == 4
    assert "upgrade the program" in done.stderr
    assert journal.read_bytes() == before


def test_a_dump_loads_into_an_empty_register_as_the_same_register(
    filled: Path, tmp_path: Path
) -> None:
    ovo("dump", "--data-dir", filled)
    [dump] = (filled / "dumps").rglob("*.nt.gz")
    import gzip

    file = tmp_path / "dump.nt"
    file.write_bytes(gzip.decompress(dump.read_bytes()))
    ovo("load", file, "--data-dir", tmp_path / "data", "--no-validate")
    assert _digests(tmp_path / "data") == _digests(filled)


def test_without_views_the_answer_is_what_to_do(filled: Path, tmp_path: Path) -> None:
    ovo("backup", tmp_path / "journal.sqlite", "--data-dir", filled)
    for words in (("show", "OVO100000"), ("query", "ASK {}")):
        done = ovo(*words, "--data-dir", tmp_path, check=False)
        assert done.returncode == 4
        assert "ovo rebuild" in done.stderr
        assert ovo(*words, "--data-dir", tmp_path / "none", check=False).returncode == 4


def test_what_is_loaded_finds_the_terms_and_code_lists_there(tmp_path: Path) -> None:
    file = turtle(tmp_path / "in.ttl", an_organisation("OVO000001"))
    done = ovo("load", file, "--data-dir", tmp_path / "data")
    assert "Sleuteltype" not in done.stderr
    shown = ovo(
        "show", "https://data.vlaanderen.be/id/conceptscheme/Sleuteltype",
        "--data-dir", tmp_path / "data",
    )  # fmt: skip
    assert "KBO-nummer" in shown.stdout


def test_a_file_that_cannot_be_written_whole_is_not_written(tmp_path: Path) -> None:
    done = ovo(
        "generate", "--organisations", "5", "--output", tmp_path / "none" / "x.nt", check=False
    )
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.ttl", "b.ttl"):
        ovo("generate", "--organisations", "30", "--seed", "7", "--output", tmp_path / name)
    assert (tmp_path / "a.ttl").read_bytes() == (tmp_path / "b.ttl").read_bytes()


def _records(data_dir: Path) -> int:
    from organisatieregister.journal.sqlite import SqliteJournal

    journal = SqliteJournal.open(data_dir / "journal.sqlite", readonly=True)
    try:
        return journal.count()
    finally:
        journal.close()


def _digests(data_dir: Path) -> dict[str, bytes | None]:
    from organisatieregister.journal.sqlite import SqliteJournal

    journal = SqliteJournal.open(data_dir / "journal.sqlite", readonly=True)
    try:
        return {version.iri: version.canonical for version in journal.read_heads()}
    finally:
        journal.close()
