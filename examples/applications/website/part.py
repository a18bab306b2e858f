"""Files that are being downloaded, as in src/part.rs."""

import os
import uuid
from itertools import count
from pathlib import PurePath
from urllib.parse import unquote


def file_name(url):
    """The name that an address gives its file; it names no folder."""
    name = PurePath(unquote(url.raw_name)).name
    if not name or name == "..":
        raise ValueError("no file name in this address")
    return name


def new(folder):
    """A path in the folder that no file has."""
    return folder / f".{uuid.uuid4().hex}.part"


def free_names(name):
    """a.png, a (1).png, a (2).png, ..., as browsers number them."""
    stem, extension = os.path.splitext(name)
    yield name
    for number in count(1):
        yield f"{stem} ({number}){extension}"


def persist(part, name):
    """Gives the file this name, or the first free one; returns it.
    A link, for unlike a renaming it replaces nothing."""
    for free in free_names(name):
        try:
            os.link(part, part.with_name(free))
        except FileExistsError:
            continue
        os.unlink(part)
        return free


def write_new(folder, name, data):
    """Writes a file of this name, or of the first free one; returns it."""
    for free in free_names(name):
        try:
            file = open(folder / free, "xb")
        except FileExistsError:
            continue
        with file:
            file.write(data)
        return free
