"""`context` and `documents`, from the start frame."""
from burrow_guest import __builtins__

from burrow_guest.frames import loads
from burrow_guest.system import close, pread

_MAP_FROM = 1 << 20  # bytes in one file; below, reading is quicker than mapping
_READ_AT_ONCE = 1 << 30


def load(header, parts):
    """Returns (context, documents, why): `why` says why the text was copied, and is None where it was mapped."""
    if header.get("value") == "text":
        return parts[0].decode("utf-8", "surrogatepass"), [], "the context is a copied value"
    if header.get("value") == "json":
        return loads(parts[0].decode("utf-8", "surrogatepass")), [], "the context is a copied value"
    spans = header["spans"]
    texts, why = _texts(spans)
    documents = [(name, len(text)) for name, text in zip(header["names"], texts)]
    for descriptor in {span["fd"] for span in spans}:
        close(descriptor)
    return texts if header["list"] else texts[0], documents, why


def _texts(spans):
    """One str for each span, mapped where that is worth while and possible."""
    sizes = {}
    for span in spans:
        sizes[span["fd"]] = sizes.get(span["fd"], 0) + span["length"] * span["width"]
    if not spans or max(sizes.values()) < _MAP_FROM:
        return [read(span) for span in spans], "the text is small"
    try:
        from burrow_guest import mapped

        make = mapped.maker([descriptor for descriptor, size in sizes.items() if size >= _MAP_FROM], decode)
    except Exception as error:  # whatever is unexpected in this interpreter
        return [read(span) for span in spans], f"{error}"
    texts, why = [], None
    for span in spans:
        try:
            texts.append(make(span))
        except mapped.Unsupported as error:
            texts.append(read(span))
            if span["length"] * span["width"] >= _MAP_FROM:
                why = f"{error}"
    return texts, why


def read(span):
    """Reads and decodes one document."""
    at, left = span["offset"], span["length"] * span["width"]
    pieces = []
    while left:
        data = pread(span["fd"], min(left, _READ_AT_ONCE), at)
        if not data:
            raise OSError("a document became shorter while it was read")
        pieces.append(data)
        at += len(data)
        left -= len(data)
    return decode(b"".join(pieces), span["width"])


def decode(data, width):
    """Each character of `data` is `width` bytes; surrogates stand for themselves."""
    if width == 1:
        return data.decode("latin-1")
    if width == 4:
        return data.decode("utf-32-le", "surrogatepass")
    text = data.decode("utf-16-le", "surrogatepass")
    if 2 * len(text) == len(data):
        return text
    # Two lone surrogates that follow each other would be read as a pair.
    return "".join(map(chr, memoryview(data).cast("H")))
