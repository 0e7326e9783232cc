"""The look at a query: its form, and what is refused before a worker sees it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisatieregister.endpoint.lexer import examine, is_changing
from organisatieregister.endpoint.queries import Limits
from organisatieregister.errors import QueryRefused

LIMITS = Limits()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * WHERE { ?s ?p ?o }", "SELECT"),
        ("select*{?s ?p ?o}", "SELECT"),
        ("PREFIX select: <urn:x> BASE <urn:y> # ASK\nASK {}", "ASK"),
        ("prefix : <urn:x#construct>\nCONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("DESCRIBE <urn:x>", "DESCRIBE"),
        ("\ufeffnonsense", None),
        ("", None),
    ],
)
def test_the_form_is_the_first_word_after_the_prologue(text: str, form: str | None) -> None:
    assert examine(text, LIMITS) == form


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * {service<http://x/>{}}",
        "SELECT * { SERVICE SILENT ?where { } }",
        "SELECT * { ?s ?p ?o.SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p 1.SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p 1e5SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p trueSERVICE?x{} }",
        "PREFIX : <http://x/> SELECT * { SERVICE:x { } }",
        "SELECT * { \\u0053ERVICE <http://x/> {} }",
        "SELECT * { S\\U00000045RVICE <http://x/> {} }",
        'SELECT * { ?s ?p "\\"" . SERVICE <http://x/> {} }',
        "SELECT * { # a comment\rSERVICE <http://x/> {} }",
        "SELECT * { FILTER(?a <1) SERVICE <http://x/> {} }",
        "SELECT * { FILTER(?a<1)SERVICE<http://x/>{} }",
        "LOAD <http://x/>",
        "PREFIX ex: <urn:x> LOAD SILENT <http://x/> INTO GRAPH <urn:g>",
    ],
)
def test_what_would_leave_the_machine_is_refused(text: str) -> None:
    with pytest.raises(QueryRefused, match="machine") as refused:
        examine(text, LIMITS)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?s ?p "SERVICE <http://x/> {}" }',
        'SELECT * { ?s ?p \'LOAD\', \'it\'\'s\', """a "SERVICE" of\nmany""" }',
        "SELECT * { ?s ?p '''SERVICE \\''' SERVICE''' }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/>",
        "SELECT * { ?service $SERVICE _:service . <http://x/SERVICE> a ex:SERVICE }",
        "PREFIX service: <urn:x> SELECT * { ?s service:name ?o }",
        'SELECT * { ?s ?p "x"@service }',
        "SELECT * { ?s a :service, :LOAD }",
    ],
)
def test_the_same_words_in_texts_names_and_iris_are_not(text: str) -> None:
    assert examine(text, LIMITS) == "SELECT"


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a> <b> <c> }",
        "PREFIX ex: <urn:x>\n# no query\ndelete where { ?s ?p ?o }",
        "WITH <urn:g> DELETE { ?s ?p ?o } WHERE {}",
        "CLEAR ALL", "DROP GRAPH <urn:g>", "CREATE GRAPH <urn:g>", "ADD <urn:a> TO <urn:b>",
        "MOVE <urn:a> TO <urn:b>", "COPY <urn:a> TO <urn:b>",
    ],
)  # fmt: skip
def test_an_update_is_forbidden(text: str) -> None:
    with pytest.raises(QueryRefused, match="update") as refused:
        examine(text, LIMITS)
    assert refused.value.status == 403


@pytest.mark.parametrize("pair", ["{}", "()", "[]"])
def test_nesting_is_limited(pair: str) -> None:
    deepest = "ASK " + pair[0] * 64 + pair[1] * 64
    assert examine(deepest, LIMITS) == "ASK"
    with pytest.raises(QueryRefused, match="64 deep"):
        examine("ASK " + pair[0] * 65 + pair[1] * 65, LIMITS)


def test_brackets_in_texts_do_not_nest() -> None:
    assert examine("SELECT * { ?s ?p '" + "{" * 100 + "' }", LIMITS) == "SELECT"


DEEP = [
    ("ASK { FILTER(%s true) }", ["!", "! ", "!!", "- ", "-", "+ ", "!- "]),
    ("ASK { FILTER(?a%s) }", ["||?a", "&& true", " || ?a = 1", "&&!?a", "||<f>(1)", " IN (1)"]),
    ("SELECT (1%s AS ?x) {}", [" - 1", "-1", "+1", " * 1", "/1", "-?x", '-"x"@nl', "-<a>"]),
    ("SELECT (true%s AS ?x) {}", ["-1", "+1", "-.1", "*true"]),
    ("ASK { ?s a%s ?o }", ["/a", "/^a", "|a", "|^a", "|!a", "/a*", "/(a)", "/:a", "/<urn:a>"]),
    ("ASK { ?s ?p ?o%s }", [",?o", ";a ?o", "~?r", ".?s a ?o", "{|a 1|}", ",[]", ",[a 1]", ";"]),
    ("ASK { {} %s }", ["{}", "UNION{}", "MINUS{}", "OPTIONAL{}", "GRAPH ?g{}", "FILTER EXISTS{}"]),
    (
        "ASK { %s }",
        ["BIND(1 AS ?a)", "FILTER(1)", "?s a 1.", "[]a[].", "VALUES?x{1}", "{SELECT*{}}"],
    ),
    ("ASK { ?s a (%s) }", ["1 ", "<urn:x>", ":x ", "'x'", '"x"@nl-be', "?x", "()", "[]", "_:b "]),
    ("DESCRIBE <urn:a> %s", ["<urn:x>", ":x ", "?x"]),
    ("SELECT %s {}", ["(1 AS ?a)"]),
    ("SELECT * {} GROUP BY ?a HAVING %s", ["(1)", "<f>(1)"]),
]


@pytest.mark.parametrize(
    ("query", "piece"), [(query, piece) for query, pieces in DEEP for piece in pieces]
)
def test_what_makes_a_query_deep_though_no_brackets_are_inside_each_other_is_limited(
    query: str, piece: str
) -> None:
    with pytest.raises(QueryRefused, match="joined") as refused:
        examine(query % (piece * (LIMITS.links + 1)), Limits(query=1 << 20))
    assert refused.value.status == 400


def test_what_is_deep_in_pieces_is_deep() -> None:
    chain = "||?a" * (LIMITS.links // 3)
    assert examine(f"ASK {{ FILTER(?a{chain}) }}", LIMITS) == "ASK"
    with pytest.raises(QueryRefused, match="joined"):
        examine(f"ASK {{ FILTER(?a{chain}) FILTER(?b{chain}) FILTER((?c{chain})) }}", LIMITS)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { VALUES ?x { %s } ?s ?p ?x }" % ("<urn:x> " * 5000),
        "SELECT * { VALUES (?x ?y) { %s } ?s ?p ?x }" % ("(<urn:x> -1)" * 5000),
        "SELECT * { ?s ?p ?o FILTER(?o IN (<urn:x>%s)) }" % (', "x"@nl-be' * 5000),
        "SELECT * { %s }" % ("?s skos:prefLabel ?o . " * 400),
    ],
)
def test_long_lists_and_large_patterns_are_not(text: str) -> None:
    assert examine(text, LIMITS) == "SELECT"


def test_only_the_rows_of_values_go_uncounted() -> None:
    deep = "!" * (LIMITS.links + 1)
    for text in (
        f"ASK {{ VALUES ?x {{ 1 }} FILTER({deep} true) }}",
        f'ASK {{ FILTER("x"@nl-values = 1) {{ FILTER({deep} true) }} }}',
        f"ASK {{ FILTER(values:x) {{ FILTER({deep} true) }} }}",
        f"ASK {{ ?values ?p ?o {{ FILTER({deep} true) }} }}",
    ):
        with pytest.raises(QueryRefused, match="joined"):
            examine(text, LIMITS)


@pytest.mark.parametrize(
    "call", ["NOW()", "rand ()", "Uuid()", "STRUUID()", "BNODE(?x)", "1-NOW()", "\\u004eOW()"]
)
def test_a_query_with_such_a_function_gives_something_else_each_time(call: str) -> None:
    assert is_changing(f"SELECT ({call} AS ?x) {{}}")


def test_one_that_has_their_names_elsewhere_does_not() -> None:
    assert not is_changing('SELECT ?now { ?now ex:rand "UUID()", <urn:BNODE> } # NOW()')


def test_a_query_of_more_bytes_than_the_limit_is_too_large() -> None:
    assert examine("#" + "é" * 32_767, LIMITS) is None
    with pytest.raises(QueryRefused) as refused:
        examine("#" + "é" * 32_768, LIMITS)
    assert refused.value.status == 413


@pytest.mark.parametrize(
    "piece",
    [
        '"""\\"',
        "'''\\'",
        "a.",
        "<a",
        "'",
        '"',
        "ab:",
        "\\u0041",
        "#",
        "_:",
        "a-",
        "\\",
        "!",
        "1-",
        ",",
        "1 ",
    ],
)
def test_the_time_is_linear_in_the_length(piece: str) -> None:
    text = (piece * 65_536)[: LIMITS.query]
    started = time.process_time()
    examine(text, Limits(links=1 << 20))
    assert time.process_time() - started < 0.5


@given(st.text(max_size=200), st.sampled_from(['"', "'", '"""', "'''"]))
def test_any_text_can_stand_in_a_literal(text: str, quote: str) -> None:
    escaped = text.translate(
        {ord(c): f"\\{e}" for c, e in zip("\\\"'\n\r", ["\\", '"', "'", "n", "r"], strict=True)}
    )
    query = f"SELECT * {{ ?s ?p {quote}{escaped} SERVICE {{ {quote} }}"
    assert examine(query, LIMITS) == "SELECT"


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    try:
        examine(text, LIMITS)
    except QueryRefused as error:
        assert error.status in (400, 403)


@pytest.mark.parametrize(
    ("text", "dutch"),
    [
        ("SELECT * { SERVICE <x:y> { } }", "vragen verlaten deze machine niet"),
        ("LOAD <x:y>", "verzoeken verlaten deze machine niet"),
        ("CLEAR ALL", "CLEAR is een wijziging"),
        ("SELECT * " + "{" * 999, "diep in elkaar"),
        ("SELECT * {} #" + "x" * 99_999, "de vraag telt"),
    ],
)
def test_the_reason_is_told_in_dutch_too(text: str, dutch: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        examine(text, Limits())
    assert dutch in refused.value.reason_nl
    assert refused.value.reason_nl != refused.value.reason
