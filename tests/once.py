"""What is the same for every test, and so is made once: the tables, the list of the static files, and the
letters of tokens."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection, models, transaction
from django.db.models.signals import post_migrate
from django.middleware import csrf
from servestatic.middleware import ServeStaticMiddleware

from tests.conftest import ON_POSTGRESQL
from tests.servers import migrated_postgresql, migrated_sqlite


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Begin with a copy of migrated tables, which takes no time: migrating takes each process seconds.

    Django migrates all the same, and finds nothing to do.
    """
    if ON_POSTGRESQL:
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_postgresql()
        yield
        return
    # In memory, where it lives as long as somebody has it open.
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    with closing(sqlite3.connect(name, uri=True)) as tables:
        with closing(sqlite3.connect(migrated_sqlite())) as source:
            source.backup(tables)
        yield


_written: list[tuple[type[models.Model], str]] = []
"""What migrations wrote, by model, as JSON."""


def _bring_back_what_migrations_wrote(sender: Any, **_: Any) -> None:
    """A test with transactions of its own leaves every table empty, and Django says so by this signal, which
    it also sends when the tables are made. Such tests come in any order."""
    if sender is not list(apps.get_app_configs())[-1]:
        return
    ours = [model for model in apps.get_models() if model.__module__.startswith("afterword.")]
    if not _written:
        filled = [model for model in ours if model._default_manager.exists()]
        _written.extend(
            (model, serializers.serialize("json", model._default_manager.all())) for model in filled
        )
        return
    with transaction.atomic():
        for model, rows in _written:
            if not model._default_manager.exists():
                for row in serializers.deserialize("json", rows):
                    row.save()


post_migrate.connect(_bring_back_what_migrations_wrote)


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_listed_once() -> Iterator[None]:
    """Every `Client` makes the middleware anew, and that of the static files looks at each of them."""
    found: list[tuple[dict[str, Any], list[Any]]] = []
    look = ServeStaticMiddleware.add_files_from_finders

    def look_once(middleware: ServeStaticMiddleware) -> None:
        if not found:
            look(middleware)
            found.append((dict(middleware.files), list(middleware.directories)))
        files, middleware.directories = found[0][0], list(found[0][1])
        middleware.files.update(files)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ServeStaticMiddleware, "add_files_from_finders", look_once)
        yield


LETTERS_OF_TOKENS = "bcdfghjkmnpqrstvwxz"


@pytest.fixture(scope="session", autouse=True)
def _no_token_has_a_word_in_it() -> Iterator[None]:
    """A page has a token of 64 letters and digits, in which a name like P1 stood one time in sixty: a test
    that must not find it on the page failed then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csrf, "CSRF_ALLOWED_CHARS", LETTERS_OF_TOKENS)
        yield
