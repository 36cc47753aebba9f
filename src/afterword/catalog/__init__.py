"""What can break, and the ways in by which it says so: services and their integrations."""
