"""Telephone systems: handing calls over to them, and playing what they have recorded."""
