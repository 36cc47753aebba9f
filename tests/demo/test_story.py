"""What the demo says must fit the templates that it fills in."""

from __future__ import annotations

import re

import pytest

from afterword.accounts.models import Person
from afterword.demo import story
from afterword.incidents.models import Incident
from afterword.postmortems.reads import sections_of
from afterword.postmortems.writes import create_postmortem


@pytest.mark.django_db
def test_every_text_has_its_section_in_the_template(alice: Person, resolved_incident: Incident):
    postmortem = create_postmortem(actor=alice, incidents=[resolved_incident], title="x")
    assert set(story.SECTIONS) <= {section.title for section in sections_of(postmortem)}


@pytest.mark.pure
def test_every_incident_happens_to_a_service_of_the_organisation():
    services = {service for team in story.TEAMS.values() for service in team}
    assert {told.service for told in story.INCIDENTS} | {story.REPORTED_SERVICE} <= services
    assert story.WRITTEN_ABOUT in {told.entity_id for told in story.INCIDENTS}


@pytest.mark.pure
def test_something_changed_upstream_shortly_before_the_incident_that_is_written_about():
    main = next(told for told in story.INCIDENTS if told.entity_id == story.WRITTEN_ABOUT)
    upstream = [change for change in story.CHANGES if change.service in story.DEPENDS_ON[main.service]]
    assert [-60 < change.after_minutes < -main.unnoticed_minutes for change in upstream] == [True]


@pytest.mark.pure
def test_no_word_of_the_owners_name_is_a_word_of_the_record():
    record = [
        story.INTEGRATION, story.CHANGE_INTEGRATION, story.TEAMS, story.INCIDENTS, story.CHANGES, story.CHAT,
        story.SUMMARY, story.SECTIONS, story.FOLLOW_UPS, story.POSTMORTEM_TITLE, story.REPORTED_SUMMARY,
    ]  # fmt: skip
    words = set(re.findall(r"[a-z]+", repr(record).casefold()))
    assert words.isdisjoint(story.OWNER_NAME.casefold().split())


@pytest.mark.pure
def test_every_address_is_one_of_an_example():
    addresses = [url for told in story.INCIDENTS for alert in told.alerts for _, url in alert.urls]
    assert addresses
    assert all(".example.com/" in address for address in addresses)
