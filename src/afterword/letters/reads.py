from __future__ import annotations

from datetime import datetime

from afterword.letters.models import Letter, LetterState


def is_letter_due(at: datetime) -> bool:
    """Whether any letter waits for its turn at `at`. For the program itself."""
    return Letter.objects.filter(state=LetterState.WAITING, next_attempt_at__lte=at).exists()
