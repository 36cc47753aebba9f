"""The rows of the package's rooms, by name, so that Django finds them from here."""

from afterword.drafting.interviews import models as interview_models  # noqa: F401
from afterword.drafting.model import models as model_models  # noqa: F401
from afterword.drafting.similar import models as similar_models  # noqa: F401
from afterword.drafting.suggestions import models as suggestion_models  # noqa: F401
