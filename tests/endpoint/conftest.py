"""A small graph in a generation, and endpoints on it that are stopped when the test ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from organisatieregister.endpoint import Endpoint, Limits
from organisatieregister.views.generations import current_generation, publish_generation
from organisatieregister.vocabulary import ORG, PREFIXES, RDF, SKOS

SIZE = 700  # organisations, with three triples each

StartEndpoint = Callable[..., Awaitable[Endpoint]]


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    return "asyncio", {"use_uvloop": True}  # as `ovo serve`; tests/web has the other loop


def organisation(number: int) -> NamedNode:
    return NamedNode(f"https://data.vlaanderen.be/id/organisatie/OVO{number:06d}")


def a_store(path: Path, size: int = SIZE) -> Store:
    """A store of organisations in a tree, each the child of the one with half its number."""
    store = Store(str(path))
    quads = []
    for number in range(1, size + 1):
        node = organisation(number)
        quads += [
            Quad(node, RDF.type, ORG.Organization),
            Quad(node, SKOS.prefLabel, Literal(f"Organisatie {number}", language="nl")),
            Quad(node, ORG.subOrganizationOf, organisation(number // 2)),
        ]
    store.extend(quads)
    return store


@pytest.fixture(scope="session")
def view(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a graph view with a published generation."""
    path = tmp_path_factory.mktemp("graph")
    publish_generation(path, 7, a_store(path / "store").backup)
    return path


@pytest.fixture
async def start_endpoint(view: Path) -> AsyncIterator[StartEndpoint]:
    """Starts an endpoint with these limits."""
    started: list[Endpoint] = []

    async def start(
        limits: Limits | None = None, *, workers: int = 1, on: Path | None = None
    ) -> Endpoint:
        endpoint = Endpoint(
            lambda: current_generation(on or view), workers, limits or Limits(), PREFIXES
        )
        started.append(endpoint)
        await endpoint.start()
        return endpoint

    yield start
    for endpoint in started:
        await endpoint.stop()


@pytest.fixture
async def endpoint(start_endpoint: StartEndpoint) -> Endpoint:
    return await start_endpoint()
