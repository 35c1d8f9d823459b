"""Figures: facts in, numbers out. Pure, with pandas; no database, no clock."""
