"""The register of Flemish public organisations as linked data.

The rooms and the direction of imports are drawn in ``docs/architecture.md``.
"""
