"""What an Office file loads from elsewhere: the external relationships of its parts (ECMA-376, part 2)."""

from xml.parsers import expat

from .errors import DocumentRejected

# Links that a reader clicks. Everything else external is loaded: templates, pictures, objects, frames.
LINKS = {
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/hyperlink",
}
DEPTH_LIMIT = 8  # genuine parts have 2 levels


def loads_external_content(part: bytes) -> bool:
    """Whether a .rels part names external content. DocumentRejected if it is not plain XML."""
    types: set[str] = set()
    depth = 0

    def on_element(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH_LIMIT:
            raise DocumentRejected("broken")
        is_relationship = name.rpartition(" ")[2] == "Relationship"
        if is_relationship and attributes.get("TargetMode") == "External":
            types.add(attributes.get("Type", ""))

    def on_end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def on_doctype(*_arguments: object) -> None:
        raise DocumentRejected("broken")  # a genuine part declares no entities

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = on_element
    parser.EndElementHandler = on_end
    parser.StartDoctypeDeclHandler = on_doctype
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise DocumentRejected("broken") from None
    return bool(types - LINKS)
