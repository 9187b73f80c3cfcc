"""My page as a PDF: it can be read aloud in order, and whatever was written is shown as plain words."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from pypdf import PdfReader

from channels.web_chat.page_pdf import PageWords, Part, print_page, showable

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72"><circle cx="36" cy="36" r="20"/></svg>'
MISSING = "letters I do not have"


def printed(*lines: str) -> PdfReader:
    parts = [Part("What helps me", lines, SVG, "a circle"), Part("What I hope for", ["A dog."], SVG, "a dot")]
    return PdfReader(
        io.BytesIO(print_page(PageWords("My page", "My name:", "Pictures: OpenMoji", MISSING, parts)))
    )


def text_of(pdf: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


def tags_in_order(pdf: PdfReader) -> Sequence[tuple[str, str]]:
    """Give the tags as they are read, each with the words for who does not see what it is."""

    def walk(node: Any) -> Iterator[tuple[str, str]]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for each in node:
                yield from walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                yield str(node["/S"]), str(node.get("/Alt", ""))
            if "/K" in node:
                yield from walk(node["/K"])

    return list(walk(pdf.root_object["/StructTreeRoot"]["/K"]))  # type: ignore[index]


def test_it_says_that_it_can_be_read_aloud_in_which_language_and_its_title() -> None:
    pdf = printed("A map.")
    root: Any = pdf.root_object
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "en-GB",
        True,
        True,
    )
    assert pdf.metadata is not None
    assert pdf.metadata.title == "My page"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()


def test_it_is_read_in_order_and_each_picture_has_words() -> None:
    assert tags_in_order(printed("A map.", "A plan.")) == [
        ("/Document", ""),
        ("/H1", ""),
        ("/P", ""),
        ("/Figure", "a circle"),
        ("/H2", ""),
        ("/P", ""),
        ("/P", ""),
        ("/Figure", "a dot"),
        ("/H2", ""),
        ("/P", ""),
        ("/P", ""),
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "#strong[x] *bold* _under_ $x^2$ @ref <label> `raw` // no /* no */",
        '#read("my_page.typ") #sys.inputs #panic("no")',
        "] #pagebreak() [ \\ = Heading - list + list",
        '", "lines": [] }',
        "~ --- ... https://example.org 'quotes' \"quotes\"",
    ],
)
def test_signs_of_the_printer_are_shown_as_they_were_written(hostile: str) -> None:
    pdf = printed(hostile)
    shown = "".join(text_of(pdf).split())
    assert "".join(hostile.split()) in shown
    assert [tag for tag, _ in tags_in_order(pdf)].count("/H2") == 2


def test_a_very_long_word_stays_on_the_paper() -> None:
    pdf = printed("a" * 2000)
    lines = [line for line in text_of(pdf).splitlines() if set(line.strip("\u200b")) == {"a"}]
    assert sum(line.count("a") for line in lines) == 2000
    assert max(map(len, lines)) < 60


def test_other_letters_are_shown_from_right_to_left_too() -> None:
    shown = text_of(printed("Szkoła jest ważna. Școala. Привет", "مرحبا", "שלום"))
    for word in ("Szkoła", "Școala", "Привет", "مرحبا", "שלום"):
        assert word in shown or word[::-1] in shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("I \U0001f600 dogs", "I (grinning face) dogs"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "(man, woman, girl)"),
        ("\U0001f44d\U0001f3fd", "(thumbs up sign)"),
        ("ਪੰਜਾਬੀ ok", f"({MISSING}) ok"),
        ("a\x00b\u202ec", "abc"),
        ("م\u200cر", "م\u200cر"),
        ("\ue000", ""),
        ("", ""),
    ],
)
def test_what_no_letter_can_show_is_named_or_left_out(written: str, shown: str) -> None:
    assert showable(written, MISSING) == shown
    assert len(printed(written).pages) >= 1


def test_a_sample_of_all_letters_that_there_are_can_be_printed() -> None:
    """One page with thousands of strange signs: a sample of every block of Unicode."""
    strange = "".join(chr(code) for code in range(0x21, 0x1FFFF, 257) if not 0xD800 <= code <= 0xDFFF)
    assert len(printed(strange).pages) >= 1
