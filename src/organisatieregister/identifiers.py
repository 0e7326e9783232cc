"""OVO codes, KBO numbers and IRIs: parse, check, mint. Every IRI of ours is minted here.

Rules: ``docs/decisions/0002-shape-of-a-record.md`` and the KBO's check digits
(97 − the first eight digits mod 97).
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from urllib.parse import quote

from organisatieregister.errors import MalformedIdentifier

BASE = "https://data.vlaanderen.be"
ORGANISATION = f"{BASE}/id/organisatie/"
CONCEPT = f"{BASE}/id/concept/"
CONCEPT_SCHEME = f"{BASE}/id/conceptscheme/"
CHANGE_EVENT = f"{BASE}/id/veranderingsgebeurtenis/"
PERSON = f"{BASE}/id/persoon/"
LEGAL_FRAMEWORK = f"{BASE}/id/wettelijk-kader/"
DATASET = f"{BASE}/id/dataset/organisatieregister"
ONTOLOGY = f"{BASE}/ns/organisatieregister"
KBO_ENTERPRISE = "https://org.belgif.be/id/CbeRegisteredEntity/"

PART_KINDS = frozenset(
    "benaming identificator gestructureerde-identificator contactpunt vestiging adresvoorstelling "
    "lidmaatschap positie relatie classificatie statusvermelding periode werkingsgebied "
    "openingsuren".split()
)

_OVO = re.compile(r"OVO[\s\-_.]?(\d{6})", re.IGNORECASE | re.ASCII)
_KBO_FILLING = re.compile(r"[\s.\-/]")
_OWN = re.compile(r"https?://data\.vlaanderen\.be/(id|doc)/(.+)", re.IGNORECASE | re.ASCII)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, ONTOLOGY)


@dataclass(frozen=True, order=True, slots=True)
class OvoCode:
    """An OVO code: ``OVO`` and six digits, without meaning and for ever."""

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"OVO[0-9]{6}", self.value):
            raise MalformedIdentifier("OVO code", self.value, "must be OVO and six digits")

    @classmethod
    def parse(cls, text: str) -> OvoCode:
        """Read any spelling in the wild: ``ovo-000001``, ``OVO 000001``, an (old) IRI of it.

        Raises MalformedIdentifier.
        """
        stripped = text.strip()
        own = _OWN.fullmatch(stripped)
        if own and own[2].lower().startswith("organisatie/"):
            stripped = own[2][len("organisatie/") :]
        match = _OVO.fullmatch(stripped)
        if not match:
            raise MalformedIdentifier("OVO code", text, "must be OVO and six digits")
        return cls(f"OVO{match[1]}")

    @classmethod
    def of(cls, number: int) -> OvoCode:
        """The code with this number, 0 to 999,999."""
        return cls(f"OVO{number:06d}")

    @property
    def number(self) -> int:
        """The number in the code."""
        return int(self.value[3:])

    @property
    def iri(self) -> str:
        """The organisation's canonical IRI."""
        return ORGANISATION + self.value

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, order=True, slots=True)
class KboNumber:
    """A KBO enterprise number: ten digits, the first 0 or 1, the last two a check."""

    value: str

    def __post_init__(self) -> None:
        text = self.value
        if not re.fullmatch(r"[0-9]{10}", text):
            raise MalformedIdentifier("KBO number", text, "must be ten digits")
        if text[0] not in "01":
            raise MalformedIdentifier(
                "KBO number",
                text,
                "an enterprise number begins with 0 or 1 (2 to 8: an establishment)",
            )
        if int(text[8:]) != 97 - int(text[:8]) % 97:
            raise MalformedIdentifier("KBO number", text, "the check digits do not fit")

    @classmethod
    def parse(cls, text: str) -> KboNumber:
        """Read ``0207.499.826``, ``BE 0207 499 826``, ``207499826`` (lost zero), an IRI of it.

        Raises MalformedIdentifier.
        """
        digits = _KBO_FILLING.sub("", text.strip().removeprefix(KBO_ENTERPRISE))
        if digits[:2].upper() == "BE":
            digits = digits[2:]
        if not re.fullmatch(r"[0-9]{9,10}", digits):
            raise MalformedIdentifier("KBO number", text, "must be ten digits")
        return cls(digits.zfill(10))

    @property
    def iri(self) -> str:
        """The enterprise's IRI at the federal government."""
        return KBO_ENTERPRISE + self.value

    @property
    def dotted(self) -> str:
        """As people write it: ``0207.499.826``."""
        return f"{self.value[:4]}.{self.value[4:7]}.{self.value[7:]}"

    def __str__(self) -> str:
        return self.value


def part_iri(owner: str, kind: str, key: str) -> str:
    """The IRI of a part of ``owner``: the same owner, kind and source key give the same IRI."""
    if kind not in PART_KINDS:
        raise MalformedIdentifier("part", kind, "is no kind of part")
    return f"{BASE}/id/{kind}/{uuid.uuid5(_NAMESPACE, f'{owner}|{kind}|{key}')}"


def change_event_iri(key: str) -> str:
    """The IRI of a change event, from what identifies it in its source."""
    return CHANGE_EVENT + str(uuid.uuid5(_NAMESPACE, f"veranderingsgebeurtenis|{key}"))


def person_iri(key: str) -> str:
    """An opaque IRI of a person, from what identifies them in the source."""
    return PERSON + str(uuid.uuid5(_NAMESPACE, f"persoon|{key}"))


def legal_framework_iri(key: str) -> str:
    """The IRI of a legal framework, from what identifies it in its source."""
    return LEGAL_FRAMEWORK + str(uuid.uuid5(_NAMESPACE, f"wettelijk-kader|{key}"))


def concept_iri(scheme: str, code: str) -> str:
    """The IRI of a concept of one of our own lists."""
    return f"{CONCEPT}{scheme}/{code}"


def concept_scheme_iri(scheme: str) -> str:
    """The IRI of one of our own lists."""
    return CONCEPT_SCHEME + scheme


def document_iri(iri: str) -> str:
    """The IRI of the document about ``iri``: ``/doc/`` for ``/id/``; of foreign IRIs by query."""
    canonical = canonical_iri(iri)
    own = _OWN.fullmatch(canonical)
    # Some code lists have an http IRI of ours: another resource than the one with https.
    if own and canonical.startswith(BASE):
        return f"{BASE}/doc/{own[2]}"
    if iri.startswith(ONTOLOGY):
        return f"{BASE}/doc/ns/organisatieregister"
    return f"{BASE}/doc/extern?iri={quote(iri, safe='')}"


def canonical_iri(iri: str) -> str:
    """Mend the spellings in the wild of an organisation's IRI: http, doc, lower case.

    Other IRIs come back as they are.
    """
    own = _OWN.fullmatch(iri)
    if own and own[2].lower().startswith("organisatie/"):
        match = _OVO.fullmatch(own[2][len("organisatie/") :])
        if match:
            return f"{ORGANISATION}OVO{match[1]}"
    return iri
