"""The chat widget on a shop's page: visitors' side. Protocol: channels_app/widget/payloads.py and docs/widget.md."""
