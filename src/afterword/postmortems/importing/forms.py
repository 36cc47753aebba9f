"""What is filled in to import post-mortems. The writes check again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from afterword.accounts.models import Person, Team
from afterword.postmortems.importing import reads
from afterword.postmortems.importing.markdown import FILE_BYTES_MAX
from afterword.postmortems.importing.outcomes import SourceFile
from afterword.postmortems.importing.sources import clean_name, read_upload

TEAMS_MAX = 500
UPLOADS_MAX = 100
"""How many files come at once from a page; more come in an archive."""
UPLOAD_BYTES_MAX = 15 * 1024 * 1024


class ManyFiles(forms.FileInput):
    """Gives every file that was chosen, where Django's gives the last."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if files is not None else []


class ManyFilesField(forms.FileField):
    """Every file of the input that was chosen; the first is what is checked."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = [file for file in (data or []) if file]
        super().clean(files[0] if files else None, initial)
        return files


class ImportForm(forms.Form):
    """Files to import, and the team that they go to."""

    team = forms.ChoiceField()
    uploads = ManyFilesField(
        label="Files",
        allow_empty_file=True,
        widget=ManyFiles(attrs={"multiple": True, "accept": ".md,.markdown,.txt,.zip,text/markdown"}),
        help_text=f"Markdown, each of at most {FILE_BYTES_MAX // 1024} KB, or one zip archive of them.",
        error_messages={"required": "Please choose a file."},
    )
    is_trial = forms.BooleanField(label="Only show what would be imported", required=False)

    def __init__(
        self, data: Any = None, files: MultiValueDict[str, UploadedFile[Any]] | None = None, *, actor: Person
    ) -> None:
        super().__init__(data, files)
        self.teams = list(reads.importable_teams(actor)[:TEAMS_MAX])
        choice = self.fields["team"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(str(team.unique_id), team.name) for team in self.teams]

    def clean_uploads(self) -> list[UploadedFile[Any]]:
        files: list[UploadedFile[Any]] = self.cleaned_data["uploads"]
        if len(files) > UPLOADS_MAX:
            raise forms.ValidationError(f"At most {UPLOADS_MAX} files at once; more come in a zip archive.")
        if sum(file.size or 0 for file in files) > UPLOAD_BYTES_MAX:
            raise forms.ValidationError(f"At most {UPLOAD_BYTES_MAX // (1024 * 1024)} MB at once.")
        return files

    def chosen_team(self) -> Team:
        """Only of a valid form."""
        return next(team for team in self.teams if str(team.unique_id) == self.cleaned_data["team"])

    def sources(self) -> Iterator[SourceFile]:
        """Only of a valid form. Raises InvalidInput for an archive that cannot be read."""
        for file in self.cleaned_data["uploads"]:
            yield from read_upload(clean_name(file.name or ""), file.read())
