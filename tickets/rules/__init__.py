"""What a rule says and when it applies. Pure: no database, no clock; what acts is `channels_app.hub.rules`."""
