"""What goes out: its intention, its attempts, and what becomes of it. Knows no channel; adapters do (channels_app.adapters)."""
