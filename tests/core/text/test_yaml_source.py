"""Lists that practitioners write are read as they were meant, and a mistake is named with its line."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from core.text.yaml_source import BrokenDataFile, read_typed, read_yaml


def file_of(folder: Path, text: str) -> Path:
    file = folder / "list.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_no_and_off_are_words_and_times_and_phone_numbers_stay_as_written(tmp_path: Path) -> None:
    source = read_yaml(file_of(tmp_path, "a: no\nb: off\nc: 10:30\nd: 0800\ne: 999\nf: true\ng: 1.5\n"))
    assert source.data == {"a": "no", "b": "off", "c": "10:30", "d": "0800", "e": 999, "f": True, "g": "1.5"}


def test_every_value_has_its_line_and_what_is_not_there_has_the_line_around_it(tmp_path: Path) -> None:
    source = read_yaml(file_of(tmp_path, "# first\nsets:\n  - id: a\n  - id: b\n    text: hm\n"))
    assert source.line_of("sets", 1, "text") == 5
    assert source.line_of("sets", 1, "label") == 4
    assert source.line_of("nothing") == 2


def test_the_same_key_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenDataFile, match=r"line 2: 'a' is here a second time \(first on line 1\)"):
        read_yaml(file_of(tmp_path, "a: 1\na: 2\n"))


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: 1\nb: &b {c: [d, *b]}\n", "&a {? *a : b}\n"])
def test_what_refers_to_itself_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(BrokenDataFile, match="refers to itself") as error:
        read_yaml(file_of(tmp_path, text))
    assert error.value.line == text.count("\n")


def test_what_is_nested_without_end_or_repeats_itself_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenDataFile, match="inside each other"):
        read_yaml(file_of(tmp_path, "a: " + "[" * 5000))
    names = ["a: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    names += [f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]
    with pytest.raises(BrokenDataFile, match="over and over"):
        read_yaml(file_of(tmp_path, "\n".join(names)))


def test_a_name_used_twice_without_a_loop_is_read(tmp_path: Path) -> None:
    assert read_yaml(file_of(tmp_path, "a: &a [1]\nb: *a\n")).data == {"a": [1], "b": [1]}


@pytest.mark.parametrize("text", ["a: 'b\n", "a: [b\n", "\tb: c\n", "a: b: c\n", "a: \x00\n", "a: *none\n"])
def test_what_is_not_yaml_is_refused_with_its_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(BrokenDataFile, match="not YAML") as error:
        read_yaml(file_of(tmp_path, text))
    assert error.value.file == tmp_path / "list.yml"
    assert error.value.what_to_do


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.yml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BrokenDataFile, match="cannot be read"):
        read_yaml(file)


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    count: int


class Lines(BaseModel):
    lines: list[Line]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("lines:\n  - {name: a, count: 1}\n  - {name: b}\n", 3, "'count' is missing here."),
        ("lines:\n  - name: a\n    count: lots\n", 3, "'count' does not fit"),
        ("lines:\n  - name: a\n    count: 1\n    colour: red\n", 4, "'colour' is not known here."),
        ("- a\n", 1, "does not fit"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    with pytest.raises(BrokenDataFile) as error:
        read_typed(file_of(tmp_path, text), Lines)
    assert error.value.line == line
    assert what in error.value.what
