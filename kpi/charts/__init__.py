"""Pictures of figures, drawn on the server as SVG: nothing to load, readable in print. Beside each stands a table."""
