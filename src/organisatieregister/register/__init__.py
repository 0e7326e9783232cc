"""The doors for change: ``loading`` takes records over as they are, ``lifecycle`` operations.

An operation goes head → pure change → rules → append. Only the append holds the journal's write
lock; what was looked at before is looked at again inside it, so that an operation stands on the
register as it is at that moment, or is done again.
"""

from organisatieregister.register.desk import Command, Desk
from organisatieregister.register.lifecycle import Done, Lifecycle, Request
from organisatieregister.register.loading import Loaded, Register
from organisatieregister.register.lookup import Lookup

__all__ = ["Command", "Desk", "Done", "Lifecycle", "Loaded", "Lookup", "Register", "Request"]
