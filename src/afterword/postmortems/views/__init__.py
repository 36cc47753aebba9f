"""The pages of post-mortems. Each reads its request, calls one read or write, and shows the result."""

from afterword.postmortems.views.reading import (
    begin,
    download_markdown,
    download_pdf,
    read,
    show_of_incident,
)
from afterword.postmortems.views.writing import preview, save_fields, save_section, write

__all__ = [
    "begin",
    "download_markdown",
    "download_pdf",
    "preview",
    "read",
    "save_fields",
    "save_section",
    "show_of_incident",
    "write",
]
