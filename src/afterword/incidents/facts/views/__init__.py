"""The pages of the facts of an incident, and of its custom fields in the settings."""
