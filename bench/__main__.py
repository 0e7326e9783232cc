"""Run every benchmark: ``python -m bench``."""

from bench import documents, register, sparql

for title, measure in (
    ("documents against nginx", documents.main),
    ("SPARQL against oxigraph's own server", sparql.main),
    ("the register at 50,000 organisations", register.main),
):
    print(f"\n== {title}")
    measure()
