"""Whether we have seen this before: what is similar to an incident, and why."""
