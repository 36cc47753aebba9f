"""The post-incident flow: what is to be done after an incident, until it is closed."""
