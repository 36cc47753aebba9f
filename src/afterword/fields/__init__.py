"""Custom fields: what an organisation wants to know beyond what the program asks.

What a field may hold and how that is read, checked and told is pure (`kinds`). What has such fields, as
incidents have, keeps its own rows on the classes of `models`, and changes them through `writes`.
"""
