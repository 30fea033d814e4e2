"""What a bank does with a group: type, leading unit, totals, limits, guarantees, warnings."""

from discovery.exposure.administer import Administration

__all__ = ["Administration"]
