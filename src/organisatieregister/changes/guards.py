"""What an operation may not touch: organisations that ended, the OVO code, what the KBO owns."""

from __future__ import annotations

from datetime import date

from organisatieregister.changes.outcome import Surroundings
from organisatieregister.changes.slots import REGISTERED_OFFICE
from organisatieregister.errors import OrganisationEnded, OwnedElsewhere
from organisatieregister.facets import Facet, FacetKind, facets, life
from organisatieregister.identifiers import KBO_ENTERPRISE, concept_iri
from organisatieregister.periods import Period
from organisatieregister.records import Record, text_of
from organisatieregister.vocabulary import DCT

OVO_KEY = concept_iri("Sleuteltype", "OVO")
KBO_KEY = concept_iri("Sleuteltype", "KBO")
_OWNED_CLASSIFICATIONS = frozenset(
    concept_iri("Classificatietype", code)
    for code in ("Rechtsvorm", "Rechtstoestand", "Rechtspersoonlijkheid")
)


def require_living(record: Record, on: date | None, around: Surroundings) -> None:
    """Raise OrganisationEnded when the organisation has ended, today or on the day."""
    lived = life(record)
    if lived.ended_before(around.today) or (on and lived.ended_before(on)):
        raise OrganisationEnded("organisatie-beeindigd", record.iri, period=lived)


def require_free(record: Record, facet: Facet, on: date, around: Surroundings) -> None:
    """Raise OwnedElsewhere for a fact that cannot be changed here from a day on."""
    require_no_code(record, facet)
    if is_kbo_fact(facet) and coupled(record, Period(on)) and not around.through_kbo:
        raise OwnedElsewhere(
            "gegeven-van-de-kbo", record.iri, facet=facet.node.value, period=facet.period
        )


def require_no_code(record: Record, facet: Facet) -> None:
    """Raise OwnedElsewhere for the OVO code, and for a KBO number: that is coupled, not added."""
    for key_type, rule in (OVO_KEY, "ovo-code-vast"), (KBO_KEY, "kbo-nummer-via-koppeling"):
        if is_key(facet, key_type):
            raise OwnedElsewhere(rule, record.iri, facet=facet.node.value, period=facet.period)


def is_key(facet: Facet, key_type: str) -> bool:
    """True for an identifier of this type (the concept's IRI)."""
    type_ = facet.value(DCT.type)
    return facet.kind is FacetKind.IDENTIFIER and type_ is not None and type_.value == key_type


def is_kbo_fact(facet: Facet) -> bool:
    """True for a name, legal form or registered office of which the source is the KBO.

    The source is the enterprise's IRI there.
    """
    type_ = facet.value(DCT.type)
    kind = type_.value if type_ else ""
    ownable = (
        facet.kind is FacetKind.NAME
        or (facet.kind is FacetKind.CLASSIFICATION and kind in _OWNED_CLASSIFICATIONS)
        or (facet.kind is FacetKind.SITE and kind == REGISTERED_OFFICE)
    )
    return ownable and any(
        t.predicate == DCT.source and text_of(t.object).startswith(KBO_ENTERPRISE)
        for t in facet.own
    )


def coupled(record: Record, during: Period) -> bool:
    """True when the organisation has a KBO number on some day of a period."""
    return any(is_key(f, KBO_KEY) and f.period.overlaps(during) for f in facets(record))
