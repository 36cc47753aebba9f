"""The demo organisation: what a newcomer sees first. Made by the same calls as everything else."""
