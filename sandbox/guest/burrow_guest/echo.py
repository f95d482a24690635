"""What a cell's last expression shows."""
from burrow_guest import __builtins__

_LARGE = 1 << 20  # characters


def pieces(value):
    """Yields repr(value) in pieces. A document, or a list of them, is shown without making all of its repr, which
    would take several times the memory of the document."""
    if type(value) is str and len(value) > _LARGE:
        return _of_text(value)
    if type(value) is list and all([type(item) is str for item in value]) and sum(map(len, value)) > _LARGE:
        return _of_list(value)
    return (repr(value),)


def _of_text(text):
    # repr prefers single quotes, and takes double ones where that saves escapes. Both quotes at the end of each
    # piece make it settle on single ones for every piece.
    double = "'" in text and '"' not in text
    quote = '"' if double else "'"
    yield quote
    for at in range(0, len(text), _LARGE):
        piece = repr(text[at : at + _LARGE] + "'\"")[1:-4]
        yield piece.replace("\\'", "'") if double else piece
    yield quote


def _of_list(texts):
    yield "["
    for index, text in enumerate(texts):
        if index:
            yield ", "
        yield from pieces(text)
    yield "]"
