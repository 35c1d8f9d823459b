"""Everything the hub remembers, in one file: rows, uploads and (where the hub made it itself) the secret key.

The file is a zip: `manifest.json`, `database/…`, `media/…`. It is as confidential as the hub itself.
"""
