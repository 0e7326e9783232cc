"""The life of an organisation: pure functions from records to what becomes of them.

Each takes the records as they stand, what is to change, the first day on which the change shows
(days in the future need nothing more) and the ``Surroundings``; it yields an ``Outcome`` or raises
a ``ChangeRefused``. For an operation dated D nothing changes on earlier days of its life, except
by ``correct`` and ``redate``.

=============== ===========================================================================
``register``    a new organisation, with or without KBO number and foundation
``rename``      another name; ``add``, ``change``, ``end``: any facet; ``describe``: undated facts
``move``        another parent, in the administrative tree or in that of a framework
``merge``       a fusion into a new organisation, or absorption into one that exists
``split``       into two or more; ``replace``: by one other; ``dissolve``: into nothing
``terminate``   the end without an event; ``reopen``: it did not end after all
``correct``     a mistake was recorded; ``redate``: in a period
``couple``      to a KBO number; ``uncouple``: from it
=============== ===========================================================================
"""

from organisatieregister.changes.ending import reopen, terminate
from organisatieregister.changes.facts import add, change, correct, describe, end, redate, rename
from organisatieregister.changes.moving import move
from organisatieregister.changes.outcome import Notice, Operation, Outcome, Surroundings
from organisatieregister.changes.registration import KBO, OVO, couple, register, uncouple
from organisatieregister.changes.slots import plural_types
from organisatieregister.changes.succession import dissolve, merge, replace, split

__all__ = [
    "KBO",
    "OVO",
    "Notice",
    "Operation",
    "Outcome",
    "Surroundings",
    "add",
    "change",
    "correct",
    "couple",
    "describe",
    "dissolve",
    "end",
    "merge",
    "move",
    "plural_types",
    "redate",
    "register",
    "rename",
    "reopen",
    "replace",
    "split",
    "terminate",
    "uncouple",
]
