"""Tables of the dashboard, and the tickets behind a number, as files."""
