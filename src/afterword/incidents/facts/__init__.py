"""What an incident is about beside its timeline: services, links, fields, its summary as it was."""
