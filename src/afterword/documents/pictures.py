"""Pictures from outside: the four kinds that a document shows, each within its limits."""

from afterword.documents import limits
from afterword.documents.raster import Picture, Unfit, inspect_raster
from afterword.documents.svg import UnsafeSvg, sanitise_svg

__all__ = ["Picture", "Unfit", "inspect_picture"]


def inspect_picture(data: bytes) -> Picture | Unfit:
    """The picture if it is a PNG, JPEG, GIF or SVG within IMAGE_BYTES_MAX and IMAGE_PIXELS_MAX.

    The kind is read from the bytes. Pixels are not decoded, so one that is broken further on passes.
    """
    if len(data) > limits.IMAGE_BYTES_MAX:
        return Unfit(f"larger than {limits.IMAGE_BYTES_MAX // 1_048_576} MB")
    raster = inspect_raster(data)
    if raster is not None:
        return raster
    try:
        return Picture("svg", sanitise_svg(data))
    except UnsafeSvg as unsafe:
        return Unfit(str(unsafe))
