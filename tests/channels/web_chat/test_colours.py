"""Every theme can be read: text 7:1 on each ground it stands on, lines and rings 3:1."""

import re

import pytest

from channels.web_chat.static_files import FOLDER

STYLES = (FOLDER / "chat.css").read_text()
TEXT_ON = [
    *[(text, ground) for text in ("ink", "soft-ink") for ground in ("ground", "card", "you", "care", "over")],
    ("on-strong", "strong"),
    ("ground", "ink"),
]
LINES_ON = [
    *[(line, ground) for line in ("line", "care-line", "ring") for ground in ("ground", "card")],
    ("strong", "ground"),
    ("ring", "ring-in"),
]


def tokens(selector: str) -> dict[str, str]:
    block = STYLES.split(f"{selector} {{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", block))


THEMES = {
    "cream": tokens(":root"),
    **{
        name: tokens(":root") | tokens(f':root[data-theme="{name}"]') for name in ("blue", "dark", "contrast")
    },
}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_seven_to_one(theme: str) -> None:
    colours = THEMES[theme]
    low = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in TEXT_ON}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 7} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_lines_and_rings_stand_out_three_to_one(theme: str) -> None:
    colours = THEMES[theme]
    low = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in LINES_ON}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 3} == {}


def test_the_ground_is_soft_and_not_white() -> None:
    assert luminance(THEMES["cream"]["ground"]) < 0.95


@pytest.mark.parametrize("name", ["dark", "contrast"])
def test_what_the_device_asks_for_looks_like_the_theme_of_that_name(name: str) -> None:
    media = {"dark": "(prefers-color-scheme: dark)", "contrast": "(prefers-contrast: more)"}[name]
    block = STYLES.split(f"@media {media}", 1)[1].split("}", 1)[0]
    assert dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", block)) == tokens(
        f':root[data-theme="{name}"]'
    )
