"""Facts: what the figures count, as functions of events by their time. Pure: no database, no clock (docs/figures.md)."""
