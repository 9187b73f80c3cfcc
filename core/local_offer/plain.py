"""Make words that came from elsewhere safe and short: no tags, no signs that steer a screen, cut at a sentence."""

from html.parser import HTMLParser

LONGEST_READ = 20_000
"""What is longer than this is not looked at further: no description needs it."""
SILENT = frozenset({"script", "style"})
BLOCKS = frozenset({"p", "br", "li", "div", "tr", "h1", "h2", "h3", "h4", "ul", "ol"})
SENTENCE_ENDS = (". ", "! ", "? ")
LEFT_OUT = "..."


class _Words(HTMLParser):
    """Collects the words of a page and leaves its tags out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._silent += tag in SILENT
        if tag in BLOCKS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in SILENT))
        if tag in BLOCKS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def plain_text(text: str, *, longest: int) -> str:
    """Give the words of a text that may hold HTML, on one line, at most `longest` signs of it."""
    reader = _Words()
    reader.feed(text[:LONGEST_READ])
    reader.close()
    return _cut(" ".join(printable("".join(reader.parts)).split()), longest)


def printable(text: str) -> str:
    """Put a space in the place of each sign that cannot be seen: line ends, escape codes, turned directions."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    head = text[: longest - len(LEFT_OUT)]
    end = max(head.rfind(end) for end in SENTENCE_ENDS)
    if end >= longest // 2:
        return head[: end + 1]
    return head.rsplit(" ", 1)[0] + LEFT_OUT
