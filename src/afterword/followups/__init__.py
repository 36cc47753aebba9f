"""What is to be done so that it does not happen again, and whether it was."""
