"""Text messages: short ones of the hub's own, handed to a provider. Nothing comes in here."""
