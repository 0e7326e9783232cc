"""Measurements: ratios against a peer or a goal, printed in one run; no timed tests."""
