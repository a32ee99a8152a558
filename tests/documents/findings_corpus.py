"""Files with external and active content in every encoding that their formats allow, and ordinary files.

NOTED: (name, bytes, findings). ORDINARY: (name, bytes) of files as common programs write them, which
get no note.
"""

import struct
import zlib

from tests.documents.corpus import (
    BIFF,
    EXCEL,
    RTF,
    encryption,
    office,
    ole2,
    open_document,
    pdf,
    word,
)

# --- PDF ---------------------------------------------------------------------------------------


def object_stream(objects, *, more=b"/Filter/FlateDecode", encode=zlib.compress, kind=b"/ObjStm"):
    """An object of a PDF that contains {number: object} compressed."""
    header, body = b"", b""
    for number, content in objects.items():
        header += b"%d %d " % (number, len(body))
        body += content + b" "
    data = encode(header + body)
    return b"8 0 obj\n<</Type%s/N %d/First %d/Length %d%s>>\nstream\n%s\nendstream\nendobj\n" % (
        *(kind, len(objects), len(header), len(data), more),
        data,
    )


def pdf_object(content):
    return pdf(objects=b"9 0 obj\n" + content + b"\nendobj\n")


def packed(*contents, **options):
    """A PDF with objects 20, 21, … in an object stream."""
    objects = {20 + number: content for number, content in enumerate(contents)}
    return pdf(objects=object_stream(objects, **options))


def encrypted_object_stream():
    """A PDF that only forbids printing; its object streams are encrypted."""
    dictionary, identifier = encryption("AES-128", "")
    hidden = object_stream(
        {20: b"<</S/JavaScript>>"}, encode=lambda data: bytes(byte ^ 0x5A for byte in data)
    )
    objects = b"7 0 obj\n" + dictionary + b"\nendobj\n" + hidden
    return pdf(objects=objects, trailer=b"/Encrypt 7 0 R/ID" + identifier)


LINK = b"<</Type/Annot/Subtype/Link/A<</S/URI/URI(https://example.com/taro)>>>>"
HTTP_ACTION = b"<</S/URI/URI(http://x/)>>"
FILE_HEX = b"<66696C653A2F2F2F2F7372762F78>"  # file:////srv/x
LONG = b"/Filler(" + b"x" * 3000 + b")"

PDF_NOTED = [
    ("javascript.pdf", packed(b"<</S/JavaScript/JS(app.alert\\(1\\))>>"), ["javascript"]),
    ("javascript-hex.pdf", packed(b"<</S/#4aavaScript/J#53(x)>>"), ["javascript"]),
    ("type-hex.pdf", packed(b"<</S/JavaScript>>", kind=b"/#4fbj#53tm"), ["javascript"]),
    ("long-dictionary.pdf", packed(b"<</S/JavaScript>>", more=LONG), ["javascript"]),
    ("filter-reference.pdf", packed(b"<</S/JavaScript>>", more=b"/Filter 6 0 R"), ["javascript"]),
    ("second-piece.pdf", packed(b"(" + b"x" * 200_000 + b")", b"<</S/Launch>>"), ["launch"]),
    ("plain-stream.pdf", packed(b"<</S/Launch>>", more=b"", encode=bytes), ["launch", "unexamined"]),
    ("hex-stream.pdf", packed(b"<</S/Launch>>", encode=lambda data: data.hex().encode() + b">"), ["unexamined"]),
    ("hex-in-flate.pdf", packed(b"<</S/Launch>>", encode=lambda data: zlib.compress(data.hex().encode())), ["unexamined"]),
    ("cut-stream.pdf", packed(b"<</S/Launch>>", encode=lambda data: zlib.compress(data)[:-6]), ["launch", "unexamined"]),
    ("unpacks-to-much.pdf", packed(b" " * 9_000_000, b"<</S/Launch>>"), ["unexamined"]),
    ("first-hidden.pdf", packed(HTTP_ACTION).replace(b"/First", b"/#46irst"), ["unexamined"]),
    ("encrypted.pdf", encrypted_object_stream(), ["unexamined"]),
    ("stream-in-comment.pdf", pdf(objects=b"% >>stream\n9 0 obj<</S/JavaScript/JS(x)>>endobj\n% endstream\n"), ["javascript"]),
    ("comment-before-stream.pdf", packed(b"<</S/JavaScript>>").replace(b">>\nstream\n", b">>%x\nstream\n"), ["javascript"]),
    ("long-comment.pdf", packed(b"<</S/JavaScript>>").replace(b">>\nstream\n", b">>%" + b"x" * 90 + b"\nstream\n"), ["unexamined"]),
    ("link-long-comment.pdf", pdf_object(b"<</S/URI/URI%" + b"x" * 90 + b"\n(file:///c:/x)>>"), ["unexamined"]),
    ("xfa.pdf", packed(b"<</Fields[]/XFA 30 0 R>>"), ["dynamic_form"]),
    ("go-to-embedded.pdf", packed(b"<</S/GoToE/T<<>>>>"), ["embedded"]),
    ("file-specification.pdf", packed(b"<</Type/Filespec/F(a)/EF<</F 30 0 R>>>>"), ["embedded"]),
    ("go-to-remote.pdf", packed(b"<</S/GoToR/F(\\\\\\\\srv\\\\x)>>"), ["external"]),
    ("stream-of-file.pdf", pdf_object(b"<</F(http://x/)/FFilter/FlateDecode/Length 0>>"), ["external"]),
    ("url-specification.pdf", pdf_object(b"<</FS % comment\n /U#52L/F(http://x/)>>"), ["external"]),
    ("movie.pdf", packed(b"<</Subtype/Movie/Movie<<>>>>"), ["media"]),
    ("sound.pdf", packed(b"<</S/Sound/Sound 30 0 R>>"), ["media"]),
    ("three-d.pdf", packed(b"<</Subtype/3#44>>"), ["media"]),
    ("link-file.pdf", pdf_object(b"<</S/URI/URI(file:///c:/x.exe)>>"), ["external"]),
    ("link-server.pdf", packed(b"<</S/URI/URI(\\\\\\\\srv\\\\x)>>"), ["external"]),
    ("link-octal.pdf", pdf_object(b"<</S/URI/URI(\\152avascri\\\npt:x)>>"), ["external"]),
    ("link-hex.pdf", pdf_object(b"<</S/URI/URI" + FILE_HEX + b">>"), ["external"]),
    ("link-utf16.pdf", pdf_object(b"<</S/URI/URI(\xfe\xff" + "smb:srv".encode("utf-16-be") + b")>>"), ["external"]),
    ("link-name-hex.pdf", pdf_object(b"<</S/URI/#55RI%x\n(ms-word:ofe|u|http://x/)>>"), ["external"]),
    ("link-base.pdf", pdf_object(b"<</URI<</Base(file:///c:/)>>>>"), ["external"]),
    ("link-reference.pdf", pdf_object(b"<</S/URI/URI 12 0 R>>"), ["unexamined"]),
    ("opens-link.pdf", pdf_object(b"<</Type/Catalog/OpenAction<</Type/Action/S/URI/URI(http://x/)>>>>"), ["external"]),
    ("opens-link-of-page.pdf", packed(b"<</Type/Page/AA<</O<</S/URI/URI(http://x/)>>>>>>"), ["external"]),
    ("opens-reference.pdf", pdf(objects=b"9 0 obj" + HTTP_ACTION + b"endobj\n", trailer=b"/X<</OpenAction 9 0 R>>"), ["external"]),
    ("opens-packed.pdf", packed(b"12", b"<</Type/Catalog/OpenAction 22 0 R>>", HTTP_ACTION), ["external"]),
    ("opens-packed-page.pdf", packed(HTTP_ACTION, b"<</AA<</O 20 0 R/C 21 0 R>>>>"), ["external"]),
]  # fmt: skip

LATEX = packed(
    b"<</Type/Catalog/Pages 2 0 R/Names 23 0 R/OpenAction 21 0 R/PageMode/UseOutlines>>",
    b"<</S/GoTo/D[3 0 R/Fit]>>",
    b"<</Type/Annot/Subtype/Link/Border[0 0 0]/A<</Type/Action/S/URI/URI(https://github.com/taro)>>>>",
    b"<</Dests 24 0 R>>",
    b"<</Type/Annot/Subtype/Link/A<</Type/Action/S/URI/URI(mailto:taro@example.com)>>>>",
)
PDF_ORDINARY = [
    ("latex.pdf", LATEX),
    ("destination.pdf", pdf(trailer=b"/X<</OpenAction[3 0 R/XYZ null null 0]>>", objects=b"9 0 obj" + LINK + b"endobj\n")),
    ("browser.pdf", pdf_object(b"<</Subtype/Link/A<</S /URI\n/URI (tel:+81-3-1234-5678)>>>>")),
    ("without-scheme.pdf", pdf_object(b"<</S/URI/URI(www.example.com/cv#top)>>")),
    ("hex-http.pdf", packed(b"<</S/URI/URI<68747470733A2F2F782F>>>")),
    ("opening-annotations.pdf", packed(LINK, b"<</Type/Page/Annots[20 0 R]/AA<<>>>>")),
    ("drawing.pdf", pdf(stream=b"(/ObjStm /OpenAction<</S/URI/URI(file:x)>>) Tj")),
]  # fmt: skip

# --- Word and Excel ----------------------------------------------------------------------------

_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships/"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def relationship(kind, target="part.bin", mode="Internal", base=_RELATIONSHIPS):
    """A .rels part with one relationship."""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="a" Type="{base}{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


def docx(body, *, name="word/other.xml", prefix="w", encoding="utf-8", more=""):
    """A .docx with a part of these paragraphs."""
    text = f'<?xml version="1.0" encoding="{encoding}"?><w:document {_W} {more}>{body}</w:document>'
    text = text.replace("w:", f"{prefix}:").replace("xmlns:w", f"xmlns:{prefix}")
    return office(files={name: text.encode(encoding)})


def related(kind, *arguments, name="word/_rels/document.xml.rels", **options):
    return office(files={name: relationship(kind, *arguments, **options)})


def xlsx(files):
    return office(EXCEL, "xl/workbook.xml", files=files)


def character(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def instruction(*texts, tag="instrText"):
    """A field whose instruction is in several runs."""
    runs = "".join(f"<w:r><w:{tag}>{text}</w:{tag}></w:r>" for text in texts)
    return f"<w:p>{character('begin')}{runs}{character('separate')}<w:r><w:t>1</w:t></w:r>{character('end')}</w:p>"


def vml(attributes):
    more = (
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    )
    return docx(f"<v:imagedata {attributes}/>", more=more)


NESTED = (
    f"{character('begin')}<w:r><w:instrText>IF 1=1 </w:instrText></w:r>"
    f"{instruction('DDE cmd x')}{character('end')}"
)
COMPUTED = (
    f"{character('begin')}{instruction('QUOTE 68 68 69')}"
    f"<w:r><w:instrText> cmd</w:instrText></w:r>{character('end')}"
)
SHEET = (
    '<worksheet xmlns="x"><sheetData><row><c><f>{}</f><v>1</v></c></row></sheetData></worksheet>'
)

SVG = (
    '<?xml version="1.0"?><!-- drawn --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
    '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg><a href="https://example.com/"/></svg>'
)

OFFICE_NOTED = [
    ("dde.docx", docx(instruction('DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"')), ["launch"]),
    ("dde-split.docx", docx(instruction("  D", "D", "EAU", "TO cmd")), ["launch"]),
    ("dde-text.docx", docx(instruction("DDE cmd", tag="t")), ["launch"]),
    ("dde-simple.docx", docx('<w:fldSimple w:instr=" dde cmd x"/>'), ["launch"]),
    ("dde-nested.docx", docx(NESTED), ["launch"]),
    ("dde-entities.docx", docx(instruction("&#68;&#x44;E cmd")), ["launch"]),
    ("dde-utf16.docx", docx(instruction("DDE cmd"), encoding="utf-16"), ["launch"]),
    ("dde-prefix.docx", docx(instruction("DDE cmd"), prefix="x"), ["launch"]),
    ("dde-folder.docx", docx(instruction("DDE cmd"), name="a/b.png"), ["launch"]),
    ("dde-spaces.docx", docx(instruction(" " * 900, "DDE cmd")), ["launch"]),
    ("computed.docx", docx(COMPUTED), ["unexamined"]),
    ("doctype.docx", office(files={"word/a.xml": '<!DOCTYPE w [<!ENTITY d "DDE">]><w><fldChar/>&d;</w>'}), ["unexamined"]),
    ("doctype-svg.docx", office(files={"word/a.xml": "<!DOCTYPE svg [<!ENTITY d 'DDE'>]><w><fldChar/>&d;</w>"}), ["unexamined"]),
    ("utf7.docx", office(files={"word/a.xml": '<?xml version="1.0" encoding="utf-7"?><w/>'}), ["unexamined"]),
    ("long.docx", docx("<w:p/>" * 800_000 + instruction("DDE cmd")), ["unexamined"]),
    ("include.docx", docx(instruction('INCLUDEPICTURE "http://x/a.png" \\d')), ["external"]),
    ("include-text.docx", docx(instruction("INCLUDETEXT \\\\srv\\a.docx")), ["external"]),
    ("link-field.docx", docx(instruction('HYPERLINK \\o "tip" "file:////srv/x"')), ["external"]),
    ("link-script.docx", docx('<w:fldSimple w:instr="HYPERLINK &quot;java&#9;script:x&quot;"/>'), ["external"]),
    ("merge.docx", docx("<w:mailMerge/>"), ["external"]),
    ("picture.docx", vml('src="http://x/a.png"'), ["external"]),
    ("picture-server.docx", vml('o:href="\\\\srv\\a.png"'), ["external"]),
    ("link-relationship.docx", related("hyperlink", "file:///\\\\srv\\x", "External"), ["external"]),
    ("link-program.docx", related("hyperlink", "ms-msdt:/id PCWDiagnostic", "External"), ["external"]),
    ("chunk.docx", related("aFChunk", "/any/name.rtf"), ["embedded"]),
    ("package.docx", related("package", "media/a.png"), ["embedded"]),
    ("control.docx", related("control", "media/a.xml"), ["macro_like"]),
    ("ribbon.docx", related("ui/extensibility", base=_MICROSOFT, name="_rels/.rels"), ["macro_like"]),
    ("add-in.docx", related("webextensiontaskpanes", name="_rels/.rels"), ["external"]),
    ("book.xlsx", xlsx({"a/_rels/b.rels": relationship("externalLink")}), ["external"]),
    ("query.xlsx", xlsx({"a/_rels/b.rels": relationship("connections")}), ["external"]),
    ("dde.xlsx", xlsx({"a/b.xml": '<externalLink xmlns="x"><ddeLink ddeService="cmd"/></externalLink>'}), ["launch"]),
    ("service.xlsx", xlsx({"a/b.xml": SHEET.format("_xlfn.&#87;EBSERVICE(&quot;http://x/&quot;)")}), ["external"]),
    ("image.xlsx", xlsx({"a/b.xml": SHEET.format("1+_xlfn.IMAGE(A1)").encode("utf-16")}), ["external"]),
    ("data.xlsx", xlsx({"a/b.xml": SHEET.format("RTD(1)").replace("f>", "x:f>").replace("xmlns=", "xmlns:x=")}), ["external"]),
]  # fmt: skip

OFFICE_ORDINARY = [
    ("fields.docx", docx(instruction(" PAGE ") + instruction(' TOC \\o "1-3" \\h \\z \\u ') + instruction("NUMPAGES"))),
    ("links.docx", docx(instruction(' HYPERLINK "https://example.com/" \\o "file: my page" ') + instruction(' HYPERLINK \\l "_Toc1" '))),
    ("mail.docx", related("hyperlink", "mailto:taro@example.com?subject=CV", "External")),
    ("beside.docx", related("hyperlink", "portfolio.pdf", "External")),
    ("words.docx", docx("<w:p><w:r><w:t>DDE, LINK and DATABASE in my thesis</w:t></w:r></w:p>" + instruction("REF DDE"))),
    ("shape.docx", vml('src="media/a.png" o:href="cid:image001.png" href="https://example.com/"')),
    ("drawing.docx", office(files={"word/media/a.svg": SVG})),
    ("zotero.docx", docx(instruction(' ADDIN ZOTERO_ITEM CSL_CITATION {"uri":["http://zotero.org/x"]} '))),
    ("sums.xlsx", xlsx({"xl/worksheets/sheet1.xml": SHEET.format("SUM(A1:A2)+MYIMAGE(1)")})),
    ("linked.xlsx", xlsx({"xl/worksheets/sheet1.xml": SHEET.format("HYPERLINK(&quot;https://example.com/&quot;)")})),
]  # fmt: skip

# --- OpenDocument ------------------------------------------------------------------------------

_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
    for name, full in [("office", "office"), ("text", "text"), ("draw", "drawing"), ("meta", "meta"), ("script", "script")]
)  # fmt: skip


def odt(body, name="content.xml"):
    text = f'<?xml version="1.0"?><office:document {_ODF} xmlns:xlink="http://www.w3.org/1999/xlink">{body}</office:document>'
    return (
        open_document(text=text.encode()) if name == "content.xml" else open_document({name: text})
    )


OPEN_DOCUMENT_NOTED = [
    ("picture.odt", odt('<draw:image xlink:href="http://x/a.png"/>'), ["external"]),
    ("picture-server.odt", odt('<draw:image xlink:href="//srv/a.png"/>', "styles.xml"), ["external"]),
    ("section.odt", odt('<text:section-source xlink:href="../other.odt"/>'), ["external"]),
    ("dde.odt", odt('<office:dde-source office:dde-application="cmd"/>'), ["launch"]),
    ("dde-list.odt", odt("<text:dde-connection-decls><text:dde-connection-decl/></text:dde-connection-decls>"), ["launch"]),
    ("listener.odt", odt('<script:event-listener xlink:href="vnd.sun.star.script:a$b"/>'), ["macro_like"]),
    ("frame.odt", odt('<draw:floating-frame xlink:href="http://x/"/>'), ["embedded", "external"]),
    ("plugin.odt", odt('<draw:plugin xlink:href="./a"/>', "Object/other.xml"), ["embedded"]),
    ("link.odt", odt('<text:a xlink:href="file:///etc/passwd">x</text:a>'), ["external"]),
    ("template.odt", odt('<meta:template xlink:href="http://x/a.ott"/>', "meta.xml"), ["external"]),
]  # fmt: skip

OPEN_DOCUMENT_ORDINARY = [
    ("pictures.odt", odt('<draw:image xlink:href="Pictures/1.png"/><draw:a xlink:href="https://example.com/"/>')),
    ("links.odt", odt('<text:a xlink:href="#top">x</text:a><text:a xlink:href="mailto:a@example.com">x</text:a>')),
    ("template-of-author.odt", odt('<meta:template xlink:href="file:///C:/Users/taro/CV.ott"/>', "meta.xml")),
]  # fmt: skip

# --- Word and Excel up to 2003 -----------------------------------------------------------------


def doc(text, *, encoding="cp1252", flags=0, fib=b"", table=b"", more=None, size=0, **options):
    """A .doc whose text follows the FIB."""
    stream = (word(flags) + fib).ljust(0x400, b"\0") + text.encode(encoding)
    return ole2(
        {"WordDocument": stream.ljust(size, b"\0"), "0Table": table, **(more or {})}, **options
    )


def template(path):
    """A .doc with this template."""
    strings = ["", path, "Curriculum vitae"]
    table = struct.pack("<HHH", 0xFFFF, len(strings), 0) + b"".join(
        struct.pack("<H", len(string)) + string.encode("utf-16-le") for string in strings
    )
    fib = bytes(0x19A - 12) + struct.pack("<2L", 100, len(table))
    return doc("CV", fib=fib, table=bytes(100) + table)


def xls(*records, **more):
    book = BIFF + b"".join(struct.pack("<HH", number, len(body)) + body for number, body in records)
    return ole2({"Workbook": book + struct.pack("<HH", 0x0A, 0), **more})


def linked_book(path):
    return 0x1AE, struct.pack("<HHB", 1, len(path), 1) + path.encode("utf-16-le")


def sheet(kind):
    return 0x85, struct.pack("<LBBBB", 0, 0, kind, 1, 0) + b"A"


OLE_NOTED = [
    ("dde.doc", doc("CV \x13 DDEAUTO cmd /k calc \x14x\x15"), ["launch"]),
    ("dde-utf16.doc", doc("履歴書 \x13 dde cmd\x14\x15", encoding="utf-16-le"), ["launch"]),
    ("dde-sectors.doc", doc("x" * 3060 + "\x13DDE cmd\x15", size=9000, shuffle=lambda numbers: numbers.sort(key=lambda n: n * 7 % 11)), ["launch"]),
    ("dde-mini.doc", doc("x" * 20 + "\x13DDE cmd\x15"), ["launch"]),
    ("include.doc", doc('\x13INCLUDEPICTURE "http://x/a.png" \\d\x15'), ["external"]),
    ("link.doc", doc('\x13 HYPERLINK "\\\\\\\\srv\\\\x" \x14x\x15', encoding="utf-16-le"), ["external"]),
    ("template.doc", template("http://x/a.dotm"), ["external"]),
    ("template-server.doc", template("\\\\srv\\share\\a.dot"), ["external"]),
    ("control.doc", doc("CV", more={"ObjectPool": {"_1": {"\x03OCXNAME": b"x"}}}), ["embedded", "macro_like"]),
    ("book.xls", xls(linked_book("\x01\x02other.xls")), ["external"]),
    ("dde.xls", xls(linked_book("cmd\x03/c calc")), ["launch"]),
    ("object.xls", xls(MBD00012345={"\x01Ole": b"x"}), ["embedded"]),
    ("linked-object.xls", xls(LNK00012345={"\x01Ole": b"x"}), ["external"]),
    ("controls.xls", xls(Ctls=b"x"), ["macro_like"]),
]  # fmt: skip

OLE_ORDINARY = [
    ("link.doc", doc('\x13 HYPERLINK "https://example.com/" \x14x\x15\x13 PAGE \x14 1\x15')),
    ("place.doc", doc('\x13 HYPERLINK \\l "_Toc1" \x14x\x15\x13 TOC \\o "1-3"\x14x\x15', encoding="utf-16-le")),
    ("template.doc", template("C:\\Users\\taro\\Templates\\CV.dot")),
    ("sheets.xls", xls(sheet(0), sheet(2), (0x1AE, struct.pack("<HH", 2, 0x0401)))),
]  # fmt: skip

# --- RTF ---------------------------------------------------------------------------------------


def rtf(content):
    return RTF[:-1] + content + b"}"


def rtf_field(content):
    return rtf(rb"{\field{\*\fldinst " + content + rb"}{\fldrslt 1}}")


def hexadecimal(text):
    return b"".join(b"\\'%02x" % byte for byte in text)


RTF_NOTED = [
    ("dde.rtf", rtf_field(rb"DDEAUTO c:\\windows\\cmd.exe /k"), ["launch"]),
    ("dde-hex.rtf", rtf_field(hexadecimal(b"DDE cmd")), ["launch"]),
    ("dde-unicode.rtf", rtf_field(rb"\u68?\uc0\u68\u69\u32 cmd"), ["launch"]),
    ("dde-groups.rtf", rtf_field(b"{\\b D}{\\i\r\nD}\r\n{{E}} {cmd}"), ["launch"]),
    ("dde-ignored.rtf", rtf_field(rb"{\*\other PAGE }DDE cmd"), ["launch"]),
    ("dde-binary.rtf", rtf_field(rb"D{\bin4 }}}}}DE cmd"), ["launch"]),
    ("dde-far.rtf", rtf(b" " * 65_460 + rb"{\field{\*\fldinst{ DDE cmd}}}" + b" " * 9000), ["launch"]),
    ("padded.rtf", rtf_field(rb"\b" * 3000 + b" DDE cmd"), ["unexamined"]),
    ("many.rtf", rtf(rb"{\fldinst PAGE}" * 110_000), ["unexamined"]),
    ("include.rtf", rtf_field(rb'INCLUDEPICTURE "http://x/a.png"'), ["external"]),
    ("link.rtf", rtf_field(rb'HYPERLINK "file:\\\\\\\\srv"'), ["external"]),
    ("object.rtf", rtf(rb"{\object\objhtml x}"), ["embedded"]),
    ("escaped.rtf", rtf(rb"\\\\{\\\objdata 01}"), ["embedded"]),
    ("auto-link.rtf", rtf(rb"{\objautlink\rsltpict}"), ["external"]),
    ("template-apart.rtf", rtf(rb"{\*\x{}\template \\\\srv\\a.dot}"), ["external"]),
    ("subdocument.rtf", rtf(rb"{\subdocument1}"), ["external"]),
    ("merge.rtf", rtf(rb"{\*\mailmerge{\mmdatasource http://x/}}"), ["external"]),
    ("picture.rtf", rtf(rb"{\shp{\sp{\sn pibName}{\sv \\\\srv\\a.png}}}"), ["external"]),
    ("picture-hex.rtf", rtf(rb"{\shp{\sp{\sn p\'69bName}{\sv http://x/}}}"), ["external"]),
]  # fmt: skip

RTF_ORDINARY = [
    ("pages.rtf", rtf_field(b"PAGE") + b"\n"),
    ("link.rtf", rtf_field(b'HYPERLINK "https://example.com/" {\\*\\datafield ' + b"00d0" * 3000 + b"}")),
    ("contents.rtf", rtf_field(rb'{\rtlch TOC \\o "1-3"}')),
    ("drawing.rtf", rtf(rb"{\shp{\sp{\sn shapeType}{\sv 202}}{\sp{\sn pibName}{\sv photo.png}}}")),
    ("path.rtf", rtf(rb"my files are in C:\\template and D:\\object")),
    ("photo.rtf", rtf(b"{\\pict\\pngblip " + b"89504e47" * 20_000 + b"}")),
]  # fmt: skip

NOTED = PDF_NOTED + OFFICE_NOTED + OPEN_DOCUMENT_NOTED + OLE_NOTED + RTF_NOTED
ORDINARY = PDF_ORDINARY + OFFICE_ORDINARY + OPEN_DOCUMENT_ORDINARY + OLE_ORDINARY + RTF_ORDINARY

MACROS = [
    ("project.docx", related("vbaProject", "media/a.png", base=_MICROSOFT)),
    ("data.docx", related("wordVbaData", base=_MICROSOFT)),
    ("sheet.xlsx", xlsx({"a/_rels/b.rels": relationship("xlMacrosheet", base=_MICROSOFT)})),
    ("intl.xlsx", xlsx({"a/_rels/b.rels": relationship("xlIntlMacrosheet", base=_MICROSOFT)})),
    ("declared.xlsx", office(EXCEL, "xl/workbook.xml", more='<Override ContentType="application/vnd.ms-excel.intlmacrosheet+xml"/>')),
    ("sheet.xls", xls(sheet(0), sheet(1))),
    ("module.xls", xls(sheet(6))),
]  # fmt: skip
