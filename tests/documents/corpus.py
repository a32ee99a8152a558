"""Files as candidates, their programs and attackers send them, generated here.

Each is (name, bytes, expected result): a type with its findings, or the code of a rejection.
"""

import io
import itertools
import struct
import unicodedata
import zipfile

from pypdf import PdfReader, PdfWriter

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/'
    '2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/{part}" ContentType="application/vnd.{main}"/>{more}</Types>'
)
WORD = "openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES = "openxmlformats-officedocument.presentationml.presentation.main+xml"
WORD_MACROS = "ms-word.document.macroEnabled.main+xml"
BODY = '<w:document xmlns:w="x"><w:body><w:p>履歴書</w:p></w:body></w:document>'
TEXT = "履歴書\r\n山田 太郎\r\nプログラマー。OCamlとPythonを書きます。\r\n" * 5
RTF = rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}\f0 Curriculum vitae\par}"


# --- PDF ---------------------------------------------------------------------------------------


def pdf(*, before=b"", objects=b"", trailer=b"", stream=b"BT (Hello) Tj ET", after=b"\n"):
    """A PDF of one page, with further objects, trailer entries, and bytes around it."""
    return b"".join(
        [
            before,
            b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
            b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R",
            b"/Contents 4 0 R>>\nendobj\n4 0 obj\n<</Length %d>>\nstream\n" % len(stream),
            stream,
            b"\nendstream\nendobj\n",
            objects,
            b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 5/Root 1 0 R",
            trailer,
            b">>\nstartxref\n9\n%%EOF",
            after,
        ]
    )


ALGORITHMS = ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256")  # revisions 2 to 6


def locked_pdf(algorithm="AES-256", user="secret", owner="owner"):
    """A PDF as pypdf encrypts it; without a `user` password, it only forbids something."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt(user, owner, algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def encryption(algorithm, user):
    """(encryption dictionary, /ID) of a PDF, as bytes."""
    trailer = PdfReader(io.BytesIO(locked_pdf(algorithm, user))).trailer
    parts = []
    for name in ("/Encrypt", "/ID"):
        out = io.BytesIO()
        trailer[name].write_to_stream(out)
        parts.append(out.getvalue())
    return parts


def pdf_with_xref_stream(trailer, objects=b""):
    """A PDF whose trailer is the dictionary of a cross-reference stream."""
    data = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n" + objects
    entries = b"\0" * 36
    xref = b"9 0 obj\n<</Type/XRef/Size 9/W[1 2 1]/Root 1 0 R%s/Length %d>>\nstream\n%s\nendstream\nendobj\n"
    return data + xref % (trailer, len(entries), entries) + b"startxref\n%d\n%%%%EOF\n" % len(data)


def pdf_and_zip():
    """A polyglot that strict readers of both formats accept: the PDF's end is the archive's comment."""
    mark = b"-- here --"
    before, after = pdf(stream=mark).split(mark)
    inside = archive({"a": b"a"}, comment=after)
    return before + inside


# --- Archives ----------------------------------------------------------------------------------


def archive(files, *, compression=zipfile.ZIP_DEFLATED, comment=b""):
    """A ZIP archive of {name or ZipInfo: bytes}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in files.items():
            made.writestr(name, content)
        made.comment = comment
    return out.getvalue()


def office(main=WORD, part="word/document.xml", more="", files=None, **options):
    """A .docx, or the type that `main` names."""
    types = _TYPES.format(part=part, main=main, more=more)
    return archive(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": "<Relationships/>",
            part: BODY,
            **(files or {}),
        },
        **options,
    )


def open_document(files=None, content=zipfile.ZIP_DEFLATED, text=b"<?xml version='1.0'?><x/>"):
    mimetype, body = zipfile.ZipInfo("mimetype"), zipfile.ZipInfo("content.xml")
    body.compress_type = content
    return archive(
        {mimetype: "application/vnd.oasis.opendocument.text", body: text, **(files or {})}
    )


def symlink(name="word/media/image1.png"):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def wrong_size(data, name, size):
    """The directory claims that `name` unpacks to `size` bytes; the entry itself has the true size."""
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(name)] != name:
        at = data.index(b"PK\x01\x02", at + 4)
    return data[: at + 24] + struct.pack("<L", size) + data[at + 28 :]


def overlapping():
    """Every entry of the directory points to the same bytes."""
    data = bytearray(office(files={f"word/media/{n}.xml": "x" * 50_000 for n in range(9)}))
    first = data.index(b"PK\x03\x04", 4)
    at, seen = data.index(b"PK\x01\x02"), 0
    while at >= 0:
        if seen > 3:
            data[at + 42 : at + 46] = struct.pack("<L", first)
            data[at + 20 : at + 28] = data[first + 18 : first + 26]
        at, seen = data.find(b"PK\x01\x02", at + 4), seen + 1
    return bytes(data)


def with_flag(data, flag):
    """All entries have a flag, in the directory and in their headers."""
    data = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= flag
            at = data.find(mark, at + 4)
    return bytes(data)


# --- Old Office --------------------------------------------------------------------------------


def ole2(tree, *, sector=512, shuffle=lambda numbers: None):
    """An OLE2 file of {name: bytes, or such a tree as a storage}, its sectors in the order of `shuffle`.

    Streams below 4,096 bytes are in the mini stream, as [MS-CFB] has it.
    """
    entries = [{"name": "Root Entry", "kind": 5}]
    entries[0]["child"] = _add_entries(entries, tree)
    # The mini stream.
    small = [row for row in entries if 0 < len(row.get("data", b"")) < 4096]
    numbers = list(range(sum(-(-len(row["data"]) // 64) for row in small)))
    shuffle(numbers)
    mini_stream, mini_fat = bytearray(64 * len(numbers)), [0xFFFFFFFF] * len(numbers)
    for row in small:
        row["start"] = _store(row["data"], 64, numbers, mini_stream, mini_fat)
    entries[0]["data"] = bytes(mini_stream)
    # The ordinary sectors.
    table = struct.pack(f"<{len(mini_fat)}L", *mini_fat)
    large = [row for row in entries if row.get("data") and "start" not in row]
    directory_size = -(-len(entries) * 128 // sector) * sector
    count = sum(-(-len(row["data"]) // sector) for row in large)
    count += directory_size // sector + -(-len(table) // sector)
    tables = -(-count // (sector // 4 - 1))  # sectors of the FAT, which lists itself
    numbers = list(range(count + tables))
    shuffle(numbers)
    body, fat = bytearray(sector * len(numbers)), [0xFFFFFFFF] * (tables * sector // 4)
    fat_sectors, numbers = numbers[:tables], numbers[tables:]
    for number in fat_sectors:
        fat[number] = 0xFFFFFFFD
    for row in large:
        row["start"] = _store(row["data"], sector, numbers, body, fat)
    mini_fat_start = _store(table, sector, numbers, body, fat) if table else 0xFFFFFFFE
    directory = b"".join(
        _entry(
            row["name"],
            row["kind"],
            right=row.get("right"),
            child=row.get("child"),
            start=row.get("start"),
            size=len(row.get("data", b"")),
        )
        for row in entries
    ).ljust(directory_size, b"\0")
    directory_start = _store(directory, sector, numbers, body, fat)
    packed = struct.pack(f"<{len(fat)}L", *fat)
    for place, number in enumerate(fat_sectors):
        part = packed[place * sector : (place + 1) * sector]
        body[number * sector : (number + 1) * sector] = part
    return _ole2_header(sector, directory_start, mini_fat_start, table, fat_sectors) + bytes(body)


def _add_entries(entries, tree):
    """Add the entries of a tree; return the number of the first, or None."""
    numbers = []
    for name, value in tree.items():
        row = (
            {"name": name, "kind": 1}
            if isinstance(value, dict)
            else {"name": name, "kind": 2, "data": value}
        )
        numbers.append(len(entries))
        entries.append(row)
        if isinstance(value, dict):
            row["child"] = _add_entries(entries, value)
    for number, following in itertools.pairwise(numbers):
        entries[number]["right"] = following
    return numbers[0] if numbers else None


def _store(data, size, numbers, body, table):
    """Write data into the next free sectors of `numbers`; return the first."""
    count = -(-len(data) // size)
    chain = [numbers.pop() for _ in range(count)]
    for place, number in enumerate(chain):
        part = data[place * size : (place + 1) * size]
        body[number * size : number * size + len(part)] = part
        table[number] = chain[place + 1] if place + 1 < count else 0xFFFFFFFE
    return chain[0]


def _ole2_header(sector, directory_start, mini_fat_start, mini_fat, fat_sectors):
    version, shift = (3, 9) if sector == 512 else (4, 12)
    mini_sectors = -(-len(mini_fat) // sector)
    header = struct.pack(
        "<8s16s6H10L109L",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        *(0x3E, version, 0xFFFE, shift, 6, 0),
        *(
            0,
            0,
            len(fat_sectors),
            directory_start,
            0,
            0x1000,
            mini_fat_start,
            mini_sectors,
            0xFFFFFFFE,
            0,
        ),
        *fat_sectors,
        *[0xFFFFFFFF] * (109 - len(fat_sectors)),
    )
    return header.ljust(sector, b"\0")


def compound(streams, storages=()):
    """An OLE2 file of {stream: bytes}; each stream has 4,096 bytes or more, in sectors of its own."""
    names = [*streams, *storages]
    directory = (len(names) + 1 + 3) // 4
    contents = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    sectors = directory + sum(-(-len(data) // 512) for data in contents.values())
    tables = -(-(sectors + sectors // 100 + 8) // 128)  # sectors of the FAT; it lists itself
    lists = -(-max(tables - 109, 0) // 127)  # sectors that list those which the header cannot
    fat = [0xFFFFFFFD] * tables + [0xFFFFFFFC] * lists
    start = len(fat)
    fat += _chain(start, directory)
    entries, data = [_entry("Root Entry", 5, child=1 if names else None)], b""
    for number, name in enumerate(names, 1):
        right = number + 1 if number < len(names) else None
        if name not in contents:
            entries.append(_entry(name, 1, right=right))
            continue
        size = len(contents[name])
        entries.append(_entry(name, 2, right=right, start=len(fat), size=size))
        fat += _chain(len(fat), -(-size // 512))
        data += contents[name] + bytes(-size % 512)
    entries += [bytes(128)] * (directory * 4 - len(entries))
    header = struct.pack(
        "<8s16s6H10L",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        *(0x3E, 3, 0xFFFE, 9, 6, 0),
        *(0, 0, tables, start, 0, 0x1000, 0xFFFFFFFE, 0, tables if lists else 0xFFFFFFFE, lists),
    )
    numbers = [*range(tables), *[0xFFFFFFFF] * (109 + lists * 127 - tables)]
    header += struct.pack("<109L", *numbers[:109])
    table = struct.pack(f"<{tables * 128}L", *fat, *[0xFFFFFFFF] * (tables * 128 - len(fat)))
    for number in range(lists):
        following = tables + number + 1 if number + 1 < lists else 0xFFFFFFFE
        part = numbers[109 + number * 127 : 109 + (number + 1) * 127]
        table += struct.pack("<128L", *part, following)
    return header + table + b"".join(entries) + data


def _chain(start, length):
    return [*range(start + 1, start + length), 0xFFFFFFFE]


def _entry(name, kind, *, right=None, child=None, start=None, size=0):
    no_stream = 0xFFFFFFFF
    raw = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBB3L16sL2Q3L",
        raw,
        len(raw) + 2,
        kind,
        1,
        no_stream,
        no_stream if right is None else right,
        no_stream if child is None else child,
        b"",
        *(0, 0, 0),
        0xFFFFFFFE if start is None or kind == 1 else start,
        *(size, 0),
    )


def word(flags=0):
    """The first bytes of a WordDocument stream."""
    return struct.pack("<5HH", 0xA5EC, 0xC1, 0, 0x409, 0, flags)


BIFF = struct.pack("<HH16s", 0x809, 16, b"\0\6\5\0")
DOC = compound({"WordDocument": word(), "1Table": b""})
XLS = compound({"Workbook": BIFF + struct.pack("<HHH", 0x42, 2, 1200)})


# --- Expected results --------------------------------------------------------------------------

MEGABYTE = 1024 * 1024
NFD = unicodedata.normalize("NFD", "履歴書_プログラマー.pdf")
ENCRYPTED_OFFICE = compound({"EncryptedPackage": b"\0" * 9, "EncryptionInfo": b""})

GOOD = [
    ("cv.pdf", pdf(), "pdf"),
    ("CV.PDF", pdf(), "pdf"),
    ("履歴書．ＰＤＦ", pdf(), "pdf"),
    (NFD, pdf(), "pdf"),
    ("bom.pdf", pdf(before=b"\xef\xbb\xbf\r\n"), "pdf"),
    ("padded.pdf", pdf(after=b"\n" + b"\0" * 1500), "pdf"),
    ("says-encrypt.pdf", pdf(stream=b"(/Encrypt 5 0 R /JavaScript /Launch)"), "pdf"),
    ("about.pdf", pdf(trailer=b"/Title(How to /Encrypt files)"), "pdf"),
    ("large.pdf", pdf(stream=b"\x9c\x80JS/J\xff" * (9 * MEGABYTE // 8)), "pdf"),
    ("with-zip-inside.pdf", pdf(stream=archive({"a": b"a"})), "pdf"),
    ("cv.docx", office(), "docx"),
    ("word-online.docx", office(part="word/document2.xml"), "docx"),
    ("stored.docx", office(compression=zipfile.ZIP_STORED), "docx"),
    ("commented.docx", office(comment=b"made by a program"), "docx"),
    ("xxe.docx", office(files={"word/x.xml": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'}), "docx"),
    ("cv.doc", DOC, "doc"),
    ("photos.doc", compound({"WordDocument": word(), "Data": b"\x89" * 9_000_000}), "doc"),
    ("cv.rtf", RTF, "rtf"),
    ("utf8.txt", TEXT.encode(), "txt"),
    ("bom.txt", TEXT.encode("utf-8-sig"), "txt"),
    ("sjis.txt", TEXT.encode("cp932"), "txt"),
    ("euc.txt", TEXT.encode("euc_jp"), "txt"),
    ("jis.txt", TEXT.encode("iso2022_jp"), "txt"),
    ("utf16.txt", TEXT.encode("utf-16"), "txt"),
    ("utf16be.txt", b"\xfe\xff" + TEXT.encode("utf-16-be"), "txt"),
    ("western.txt", "Curriculum vitæ. Née à Orléans ; 10 € l’heure".encode("cp1252"), "txt"),
    ("page.txt", b"<html><script>alert(1)</script>", "txt"),
    ("about-pdf.txt", b"I have written a parser of %PDF-1.7 files.", "txt"),
]  # fmt: skip

ODD = [
    ("script.pdf", pdf(objects=b"9 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj\n"), "pdf", ["javascript"]),
    ("hidden.pdf", pdf(objects=b"9 0 obj<</S/#4a#61vaScript/J#53(x)>>endobj\n"), "pdf", ["javascript"]),
    ("launch.pdf", pdf(objects=b"9 0 obj<</S/Launch/F(a.exe)>>endobj\n"), "pdf", ["launch"]),
    ("attached.pdf", pdf(objects=b"9 0 obj<</Type/EmbeddedFile>>endobj\n"), "pdf", ["embedded"]),
    ("form.pdf", pdf(objects=b"9 0 obj<</S/SubmitForm/F(http://x)>>endobj\n"), "pdf", ["external"]),
    ("film.pdf", pdf(objects=b"9 0 obj<</Subtype/RichMedia>>endobj\n"), "pdf", ["media"]),
    ("printer.pdf", pdf(before=b"\x1b%-12345X@PJL JOB\r\n"), "pdf", ["odd_start"]),
    ("embedded.docx", office(files={"word/embeddings/a.xlsx": b"x"}), "docx", ["embedded"]),
    ("controls.docx", office(files={"word/activeX/a.xml": b"x"}), "docx", ["macro_like"]),
    ("zipslip.docx", office(files={"../../etc/cron.d/x": b"x"}), "docx", ["odd_names"]),
    ("absolute.docx", office(files={"/etc/passwd": b"x"}), "docx", ["odd_names"]),
    ("windows.docx", office(files={"C:\\x.exe": b"x"}), "docx", ["odd_names"]),
    ("object.doc", compound({"WordDocument": word()}, ["ObjectPool"]), "doc", ["embedded"]),
    ("object.rtf", RTF[:-1] + rb"{\object{\*\objdata 0105}}}", "rtf", ["embedded"]),
    ("template.rtf", RTF[:-1] + rb"{\*\template http://x/}}", "rtf", ["external"]),
]  # fmt: skip

HOSTILE = [
    ("empty.pdf", b"", "empty"),
    ("empty.txt", b"", "empty"),
    ("truncated.pdf", pdf()[:-30], "broken"),
    ("truncated.docx", office()[:-30], "broken"),
    ("half.docx", office()[:200], "broken"),
    ("truncated.doc", DOC[:700], "broken"),
    ("header.doc", DOC[:8], "broken"),
    ("noise.pdf", bytes(range(256)) * 9, "broken"),
    ("noise.txt", bytes(range(256)) * 9, "broken"),
    ("php.pdf", b"<?php system($_GET['c']); ?>", "broken"),
    ("html.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "other_type"),
    ("photo.pdf", b"\xff\xd8\xff\xe0 JFIF", "other_type"),
    ("setup.pdf", b"MZ\x90\0 program", "other_type"),
    ("slides.pptx", office(SLIDES, "ppt/presentation.xml"), "other_type"),
    ("files.zip", archive({"cv.txt": b"x"}), "other_type"),
    ("cv.xlsx", office(EXCEL, "xl/workbook.xml"), "other_type"),
    ("cv.xls", XLS, "other_type"),
    ("cv.odt", open_document(), "other_type"),
    ("resume.php", b"<?php phpinfo(); ?>", "type"),
    ("resume.pdf.php", b"<?php phpinfo(); ?>", "type"),
    ("photo.pages", b"who knows", "type"),
    ("no-extension-page", b"<html><p>CV</p>", "other_type"),
    ("no-extension-picture (1)", b"\x89PNG", "other_type"),
    ("no-extension-noise", bytes(range(256)) * 9, "type"),
    ("no-extension-markup", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
    ("resume.pdf.exe", pdf(), "wrong_extension"),
    ("cv\u202efdp.exe", pdf(), "wrong_extension"),
    ("really-rtf.doc", RTF, "wrong_extension"),
    ("really-docx.doc", office(), "wrong_extension"),
    ("really-doc.docx", DOC, "wrong_extension"),
    ("really-pdf.txt", pdf(), "wrong_extension"),
    ("encrypted.pdf", locked_pdf(), "encrypted"),
    ("encrypted-inline.pdf", pdf(trailer=b"/Encrypt<</Filter/Standard>>"), "encrypted"),
    ("encrypted-hidden.pdf", locked_pdf().replace(b"/Encrypt", b"/#45ncrypt"), "encrypted"),
    ("encrypted-certificate.pdf", pdf(trailer=b"/Encrypt<</Filter/Adobe.PubSec/V 4>>"), "encrypted"),
    ("encrypted-without-how.pdf", pdf(trailer=b"/Encrypt 8 0 R"), "broken"),
    ("encrypted.docx", ENCRYPTED_OFFICE, "encrypted"),
    ("encrypted-zip.docx", with_flag(office(), 1), "encrypted"),
    ("encrypted.doc", compound({"WordDocument": word(0x100)}), "encrypted"),
    ("macro.docx", office(files={"word/vbaProject.bin": b"x"}), "macros"),
    ("macro-elsewhere.docx", office(files={"word/media/VBAPROJECT.BIN": b"x"}), "macros"),
    ("macro-declared.docx", office(WORD_MACROS), "macros"),
    ("cv.docm", office(WORD_MACROS, files={"word/vbaProject.bin": b"x"}), "macros"),
    ("macro.doc", compound({"WordDocument": word()}, ["Macros", "VBA"]), "macros"),
    ("polyglot.pdf", archive({"a": b"a"}) + pdf(), "polyglot"),
    ("glued.pdf", pdf(after=b"\n" + archive({"a": b"a"})), "polyglot"),
    ("program.pdf", pdf(before=b"MZ\x90\0"), "polyglot"),
    ("html-and.pdf", pdf(before=b"<html><script>1</script>"), "polyglot"),
    ("both.pdf", pdf_and_zip(), "polyglot"),
    ("prefixed.docx", b"GIF89a" + office(), "polyglot"),
    ("glued.doc", DOC + archive({"a": b"a"}), "polyglot"),
    ("glued.rtf", RTF + archive({"a": b"a"}), "polyglot"),
    ("bomb-sizes.docx", wrong_size(office(), b"word/document.xml", 2_000_000_000), "bomb"),
    ("bomb-lies.docx", wrong_size(office(), b"word/document.xml", 7), "bomb"),
    ("bomb-entries.docx", office(files={f"word/{n}": b"" for n in range(2001)}), "bomb"),
    ("bomb-types.docx", office(more=" " * 300_000), "bomb"),
    ("bomb-overlap.docx", overlapping(), "bomb"),
    ("symlink.docx", office(files={symlink(): "/etc/passwd"}), "symlink"),
    ("entities.docx", office(more='<!ENTITY e SYSTEM "http://x/">'), "broken"),
    ("long.txt", b"x" * (MEGABYTE + 1), "too_large"),
]  # fmt: skip

# Accepted when the operator allows all types.
WITH_ALL_TYPES = [
    ("cv.xlsx", office(EXCEL, "xl/workbook.xml"), "xlsx"),
    ("linked.xlsx", office(EXCEL, "xl/workbook.xml", files={"xl/externalLinks/a.xml": b"x"}), "xlsx"),
    ("cv.xls", XLS, "xls"),
    ("cv.odt", open_document(), "odt"),
    ("encrypted.xls", compound({"Workbook": BIFF + struct.pack("<HH6s", 0x2F, 6, b"")}), "encrypted"),
    ("macro.xls", compound({"Workbook": BIFF}, ["_VBA_PROJECT_CUR"]), "macros"),
    ("encrypted.xlsx", ENCRYPTED_OFFICE, "encrypted"),
    ("encrypted.odt", open_document(content=zipfile.ZIP_STORED, text=b"\x8f\x11\x07\x99" * 9), "encrypted"),
    ("macro.odt", open_document({"Basic/Standard/script-lb.xml": b"x"}), "macros"),
]  # fmt: skip
