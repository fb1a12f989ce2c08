"""Every setting is an environment variable that docs/operating.md explains, and nothing else is."""

import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from contracts.settings import SettingsError, StageSettings, load
from sinks.settings import SinkSettings
from tallywire.reference import SETTINGS, markdown, table, variables

OPERATING = Path(__file__).parent.parent / "docs" / "operating.md"
ROOMS = Path(__file__).parent.parent


def test_the_table_is_complete_and_true() -> None:
    """`tallywire settings --markdown` is what the document holds."""
    assert markdown(variables()) in OPERATING.read_text("utf-8")


def test_every_settings_class_of_the_project_is_listed() -> None:
    """No room reads its environment past the table."""
    defined = {
        name
        for room in ("contracts", "producers", "processors", "sinks", "tallywire")
        for module in (ROOMS / room).rglob("*.py")
        for name in re.findall(r"^class (\w+)\((?:Base|Stage)Settings\)", module.read_text("utf-8"), re.MULTILINE)
    }
    assert defined == {settings.__name__ for settings in SETTINGS.values()}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_every_setting_says_what_it_means(settings: type[BaseSettings]) -> None:
    """A description is a sentence."""
    for name, field in settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith((".", ")")), name


def test_a_wrong_value_is_said_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the environment variable that is to be mended."""
    monkeypatch.setenv("TALLYWIRE_TOPIC_PARTITIONS", "many")
    with pytest.raises(SettingsError, match=r"TALLYWIRE_TOPIC_PARTITIONS: .*integer"):
        load(StageSettings)


def test_a_password_is_not_shown() -> None:
    """`tallywire settings` says that a password is set, and not which."""
    secret = "correct horse"  # noqa: S105 - no password of anything
    drawn = table(variables(), {"TALLYWIRE_ELASTICSEARCH_PASSWORD": secret})
    cells = [str(cell) for column in drawn.columns for cell in column.cells]
    assert "(set)" in cells
    assert secret not in cells
    assert secret not in repr(SinkSettings(elasticsearch_password=secret))
