"""Any RDF as a generation to answer queries on: files into the default and into named graphs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from organisatieregister.errors import MalformedIdentifier, UnreadableSource
from organisatieregister.views.generations import publish_generation


def publish_files(
    view: Path, files: Iterable[Path], graphs: Iterable[tuple[str, Path]] = ()
) -> Path:
    """Load the files into a store under ``view`` and publish it; the directory of the generation.

    ``files`` go to the default graph (those with quads: where they say), ``graphs`` are IRIs of
    named graphs with a file each. Raises UnreadableSource and MalformedIdentifier.
    """
    store = Store(str(view / "store"))
    for path in files:
        _load(store, path, None)
    for iri, path in graphs:
        try:
            graph = NamedNode(iri)
        except ValueError as error:
            raise MalformedIdentifier("graph", iri, "must be an IRI") from error
        store.add_graph(graph)
        _load(store, path, graph)
    return publish_generation(view, 1, store.backup)


def _load(store: Store, path: Path, graph: NamedNode | None) -> None:
    form = RdfFormat.from_extension(path.suffix.removeprefix("."))
    if form is None:
        raise UnreadableSource(path.name, f"{path.suffix or 'no suffix'} is no RDF format")
    if graph is not None and form.supports_datasets:
        raise UnreadableSource(path.name, "a named graph is loaded from a file with triples")
    base = path.resolve().as_uri()
    try:
        store.bulk_load(path=path, format=form, base_iri=base, to_graph=graph)
    except SyntaxError as error:
        raise UnreadableSource(
            path.name, str(error.msg), error.lineno or 0, error.offset or 0
        ) from error
    except OSError as error:
        raise UnreadableSource(path.name, error.strerror or "cannot be read") from error
