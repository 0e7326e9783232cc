"""Fictitious places, streets and people with a Flemish ring, and slugs for web addresses."""

from __future__ import annotations

import unicodedata

from organisatieregister.generate.dice import Dice

_STEMS = (
    "Aal", "Ber", "Beer", "Bos", "Dender", "Diep", "Door", "Eek", "Elst", "Gaver", "Geel", "Goor",
    "Haag", "Heide", "Hever", "Hoog", "Kalm", "Kort", "Laar", "Leer", "Linde", "Lok", "Maar",
    "Meer", "Mol", "Nede", "Nieuw", "Oost", "Oud", "Ple", "Rijk", "Roes", "Schel", "Steen", "Ter",
    "Vels", "Voor", "Waar", "Wester", "Wijn", "Zande", "Zeel", "Zwin",
)  # fmt: skip
_ENDINGS = (
    "beke", "berg", "boom", "brake", "broek", "donk", "dorp", "drecht", "gem", "hem", "hout",
    "hove", "kerke", "lare", "lede", "rode", "schoten", "tem", "veld", "voorde", "zele",
)  # fmt: skip
_PREFIXES = (
    "", "Sint-Pieters-", "Sint-Martens-", "Onze-Lieve-Vrouw-", "Groot-", "Klein-", "Opper-",
    "Neder-", "Sint-Jans-", "Heilig-Kruis-", "Oud-", "Nieuw-",
)  # fmt: skip
_SAINTS = (
    "Amandus", "Anna", "Antonius", "Barbara", "Bavo", "Catharina", "Gertrudis", "Jozef",
    "Lambertus", "Laurentius", "Martinus", "Michiel", "Niklaas", "Petrus", "Quintinus", "Rochus",
    "Trudo", "Ursula", "Vincentius", "Willibrordus",
)  # fmt: skip
_STREETS = (
    "Kerkstraat", "Dorpsstraat", "Stationsstraat", "Molenstraat", "Schoolstraat", "Nieuwstraat",
    "Veldstraat", "Markt", "Gemeenteplein", "Kasteeldreef", "Lindelaan", "Steenweg op Oudedorp",
    "Beekweg", "Hoogstraat", "Koning Albertlaan", "Bosdreef", "Kapellestraat", "Zandweg",
)  # fmt: skip
_GIVEN = (
    "Aïcha", "Bart", "Chloë", "Dirk", "Elise", "Emre", "Fatima", "Geert", "Hilde", "Ilse", "Jan",
    "Joëlle", "Karel", "Katrien", "Lien", "Luc", "Marleen", "Mehdi", "Nele", "Noor", "Pieter",
    "Rik", "Sofie", "Stijn", "Tine", "Veerle", "Wim", "Yasmina", "Zoë",
)  # fmt: skip
_FAMILY = (
    "Aerts", "Beeckman", "Bogaerts", "Claes", "Coppens", "De Backer", "De Clercq", "De Smet",
    "Desmet", "Dubois", "Goossens", "Hendrickx", "Janssens", "Lambrecht", "Lemmens", "Maes",
    "Mertens", "Michiels", "Peeters", "Segers", "Smets", "Van Damme", "Van den Bossche",
    "Vandenberghe", "Vermeulen", "Wauters", "Willems", "Yilmaz", "Özdemir",
)  # fmt: skip


def place(number: int) -> str:
    """The name of the place with this number; the first ten thousand all differ."""
    plain = len(_STEMS) * len(_ENDINGS)
    mixed = number * 367 % plain  # 367 is prime to it: neighbours do not look alike
    name = _STEMS[mixed % len(_STEMS)] + _ENDINGS[mixed // len(_STEMS)]
    prefix = _PREFIXES[number // plain % len(_PREFIXES)]
    repeated = number // (plain * len(_PREFIXES))
    return f"{prefix}{name}" + (f" ({repeated + 1})" if repeated else "")


def postcode(number: int) -> str:
    """The postcode of the place with this number."""
    return str(1000 + number * 7 % 9000)


def saint(dice: Dice) -> str:
    """A patron saint."""
    return f"Sint-{dice.pick(_SAINTS)}"


def street(dice: Dice) -> str:
    """A street."""
    return dice.pick(_STREETS)


def person(dice: Dice) -> str:
    """The name of somebody who does not exist."""
    return f"{dice.pick(_GIVEN)} {dice.pick(_FAMILY)}"


def slug(text: str) -> str:
    """The text as part of a host name: ``Sint-Jan (2)`` → ``sint-jan-2``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())
