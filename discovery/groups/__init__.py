"""Groups: who belongs together under a policy on a day, with the evidence."""

from discovery.groups.answer import Answer
from discovery.groups.discover import discover, discover_in

__all__ = ["Answer", "discover", "discover_in"]
