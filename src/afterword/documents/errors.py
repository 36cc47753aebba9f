"""What can go wrong with a document, said to the person who asked for it."""

from afterword.lib.errors import AfterwordError


class DocumentTooLarge(AfterwordError):
    """This document is too large."""

    status = 413


class PdfFailed(AfterwordError):
    """The PDF could not be made."""

    status = 500


class PdfTookTooLong(PdfFailed):
    """Making the PDF took too long. A shorter document or fewer pictures will help."""

    status = 503


class PdfBusy(PdfFailed):
    """Other PDFs are being made. Please try again in a moment."""

    status = 503


class FontsMissing(PdfFailed):
    """The fonts of the PDF are not installed. Build the front end, which copies them into the package."""

    status = 500
