"""Serve the page's own pictures, letters, styles and scripts, so that nothing comes from elsewhere."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import Request, Response

FOLDER: Final = Path(__file__).resolve().parent / "static"

_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
}
_SQUEEZED: Final = frozenset({".js", ".css", ".svg"})
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ONE_DAY: Final = "public, max-age=86400"
_MARKED: Final = re.compile(r"([0-9a-f]{12})/")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is sent; `mark` changes whenever its content does."""

    content: bytes
    squeezed: bytes | None
    media_type: str
    mark: str


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """All files of a folder, by path; `mark` changes whenever any of them does."""

    files: Mapping[str, StaticFile]
    mark: str

    def address(self, path: str) -> str:
        """Give the address of a file, marked so that a browser may keep it for ever.

        The mark stands before the path, so that a script's imports and a style's fonts carry it too: the same
        module under two addresses would run twice.
        """
        return f"/static/{self.mark}/{path}"

    def answer(self, http_request: Request, path: str) -> Response:
        """Send the file, or say that the browser has it, or that there is none."""
        marked = _MARKED.match(path)
        file = self.files.get(path[marked.end() :] if marked else path)
        if file is None:
            return Response(status_code=404)
        headers = {
            "ETag": f'"{file.mark}"',
            "Cache-Control": _FOR_EVER if marked and marked[1] == self.mark else _ONE_DAY,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if http_request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        if file.squeezed and "gzip" in http_request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(file.squeezed, headers=headers, media_type=file.media_type)
        return Response(file.content, headers=headers, media_type=file.media_type)


def load_static_files(folder: Path = FOLDER) -> StaticFiles:
    """Read every file once; notes about licences (`*.md`, `*.txt`) are served too, as plain text."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): _load(path) for path in paths}
    return StaticFiles(files, _mark("".join(file.mark for file in files.values()).encode()))


def _load(path: Path) -> StaticFile:
    content = path.read_bytes()
    known = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    media_type = "text/plain; charset=utf-8" if known in {"text/plain", "text/markdown"} else known
    squeezed = gzip.compress(content, mtime=0) if path.suffix in _SQUEEZED else None
    return StaticFile(content, squeezed, media_type, _mark(content))


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
