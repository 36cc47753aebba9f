"""The append-only record of every change, written in the transaction of the change itself."""
