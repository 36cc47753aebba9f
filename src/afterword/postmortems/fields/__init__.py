"""Custom fields of post-mortems: made for the organisation, chosen by teams, placed by templates."""
