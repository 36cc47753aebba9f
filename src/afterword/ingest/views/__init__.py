"""The pages of what comes in: mappings and alert rules."""
