"""The same contract on the real documents view in LMDB."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from organisatieregister.views import Change
from organisatieregister.views.documents import DocumentsView
from organisatieregister.web.documents import DocumentsApp
from tests.examples import an_organisation
from tests.web.register import MODIFIED, TODAY, PlainDocumentPages, a_register

pytestmark = pytest.mark.anyio

DOC = "/doc/organisatie/OVO002188"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def view(tmp_path: Path) -> Iterator[DocumentsView]:
    view = DocumentsView.open(tmp_path / "documents")
    records = a_register().records.values()
    view.bulk(
        (Change(r.iri, r, n, MODIFIED, TODAY) for n, r in enumerate(records, 1)), len(records)
    )
    yield view
    view.close()


def client_of(view: DocumentsView) -> httpx.AsyncClient:
    app = DocumentsApp(view, PlainDocumentPages(), today=lambda: TODAY)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://register.example",
        headers={"accept": "", "accept-encoding": ""},
    )


async def test_the_view_says_what_the_register_in_memory_says(view: DocumentsView) -> None:
    memory = DocumentsApp(a_register(), PlainDocumentPages(), today=lambda: TODAY)
    async with (
        client_of(view) as ours,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=memory), base_url="http://register.example"
        ) as theirs,
    ):
        for path in (
            f"{DOC}.nt", f"{DOC}.ttl", f"{DOC}.jsonld", f"{DOC}.nt?op=1995-06-30",
            f"{DOC}.nt?historiek=1", "/doc/organisatie/OVO053388.nt",
            "/doc/conceptscheme/Benamingtype.nt", "/doc/ns/organisatieregister.nt",
            "/id/concept/Benamingtype/voorkeursnaam", "/id/organisatie/ovo002188",
            "/doc/organisatie/OVO999999", "/id/" + "x" * 3000,
        ):  # fmt: skip
            mine, other = await ours.get(path), await theirs.get(path)
            assert (mine.status_code, mine.text) == (other.status_code, other.text), path
            assert mine.headers.get("location") == other.headers.get("location")
            assert mine.headers.get("link") == other.headers.get("link")


async def test_an_answer_that_is_kept_follows_the_view(view: DocumentsView) -> None:
    async with client_of(view) as client:
        before = await client.get(DOC)
        bystander = await client.get("/doc/organisatie/OVO002144")
        kept = await client.get(DOC, headers={"if-none-match": before.headers["etag"]})
        assert kept.status_code == 304
        changed = an_organisation("OVO002188", "Andere naam")
        view.apply([Change(changed.iri, changed, 99, MODIFIED, TODAY)], 99)
        after = await client.get(DOC, headers={"if-none-match": before.headers["etag"]})
        assert after.status_code == 200
        assert "Andere naam" in after.text
        same = await client.get(
            "/doc/organisatie/OVO002144", headers={"if-none-match": bystander.headers["etag"]}
        )
        assert same.status_code == 304


async def test_a_name_that_another_document_shows_changes_that_document_too(
    view: DocumentsView,
) -> None:
    async with client_of(view) as client:
        before = await client.get("/doc/organisatie/OVO053388")
        changed = an_organisation("OVO000001", "Vlaamse overheid, anders")
        later = MODIFIED + timedelta(days=5)
        view.apply([Change(changed.iri, changed, 99, later, TODAY)], 99)
        after = await client.get(
            "/doc/organisatie/OVO053388",
            headers={"if-modified-since": before.headers["last-modified"]},
        )
        assert after.status_code == 200
        assert "Vlaamse overheid, anders" in after.text
