"""What is known of an incident, as numbered pieces that a text can cite."""
