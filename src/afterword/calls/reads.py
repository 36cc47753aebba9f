from __future__ import annotations

from afterword.accounts.models import ApiKey
from afterword.calls.models import KeptAnswer


def find_kept(api_key: ApiKey, key: str) -> KeptAnswer | None:
    """What a program's own request with this key was answered, or that it is being answered."""
    return KeptAnswer.objects.filter(api_key=api_key, key=key).first()
