"""The style sheet, the icon and the one small script of the staff's pages."""

from pathlib import Path
from types import MappingProxyType

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException

from api.doors import public_door

FOLDER = Path(__file__).parent / "static"
FILES = MappingProxyType(
    {
        "staff.css": "text/css",
        "insight.css": "text/css",
        "refresh.js": "text/javascript",
        "icon.svg": "image/svg+xml",
    }
)
ONE_HOUR = "public, max-age=3600"

router = APIRouter()


@router.get("/staff/static/{name}", dependencies=[Depends(public_door)])
async def show_file(name: str) -> Response:
    """Give one of the known files, which a browser may keep for an hour."""
    if name not in FILES:
        raise HTTPException(404)
    return FileResponse(FOLDER / name, media_type=FILES[name], headers={"Cache-Control": ONE_HOUR})
