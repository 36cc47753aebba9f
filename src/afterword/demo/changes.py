"""What the demo organisation changed, told by its pipelines: over HTTP, to integrations for changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby

from afterword.accounts.models import Person
from afterword.catalog.models import IntegrationKind
from afterword.demo import story
from afterword.demo.alerts import Sender
from afterword.demo.organisation import find_or_make_integration, webhook_url


def tell_changes(owner: Person, sender: Sender, *, now: datetime) -> None:
    """Send the changes of the story. Each has an id of its own, so none is there twice. Raises DemoFailed."""
    main = next(told for told in story.INCIDENTS if told.entity_id == story.WRITTEN_ABOUT)
    start = now - timedelta(minutes=main.began_minutes_ago)
    for service, told in groupby(story.CHANGES, key=lambda change: change.service):
        pipeline = find_or_make_integration(
            owner, service, name=story.CHANGE_INTEGRATION, kind=IntegrationKind.CHANGES
        )
        bodies = [change.body(start + timedelta(minutes=change.after_minutes)) for change in told]
        sender.send(webhook_url(owner, pipeline), bodies)
