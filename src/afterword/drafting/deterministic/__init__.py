"""A draft out of the record alone: no model, no network. Pure; the same evidence gives the same draft."""
