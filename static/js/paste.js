// Cleans pasted HTML from any program: keeps only headings, paragraphs, lists and links.
//
// The pasted HTML is read into a flat sequence of blocks (a heading, a paragraph, a list item with a level),
// and the sequence is written as clean HTML. So the nesting of lists in the source does not matter: Word only
// styles paragraphs, Google Docs puts a nested list next to its item, Word for the web wraps every item in a
// list of its own.

const set = (words) => new Set(words.split(" "));
const ALLOWED = set("h3 h4 p ul ol li strong em a br");
const DROPPED = set("head meta noscript object script style template title xml");
const BLOCKS = set(
  "address article aside blockquote caption center dd div dl dt figcaption figure footer form h1 h2 " +
    "h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul",
);
const ALLOWED_ADDRESS = /^(?:https?|mailto|tel):/i;
const WIDE = "\\u3000-\\u30ff\\u4e00-\\u9fff\\uff00-\\uffef";
const WRAPPED = new RegExp(`(?<=[${WIDE}])[ \\t]*\\r?\\n\\s*(?=[${WIDE}])`, "g");

// Browsers report styles and event handlers as violations of the security policy even in HTML that is only
// parsed, so these attributes are renamed.
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi;
const UNSAFE_ATTRIBUTE = /\s(style|on[a-z]+)\s*=/gi;
const STYLES = /<style\b.*?<\/style\s*>/gis;

// Word marks the bullet or number of an item with a conditional comment, a style, or both.
const SUPPORT_LISTS = /<!(?:--)?\[if !supportLists\](?:--)?>(.*?)<!(?:--)?\[endif\](?:--)?>/gis;
const MARKER = "[data-marker], [data-style*='mso-list:ignore' i]";
const ITEM = /mso-list:\s*l\d+\s+level(\d+)\s+(lfo\d+)/i;

// 1. 1.2 (1) ① a) iv. Ⅱ ア イ. （ア） 一、 第1条. Word also writes bullets as letters in the Wingdings font.
const NUMBER = /^\(?\d|^第|^\(?[a-z]+[.):]|^\(?[ぁ-んァ-ヺ一二三四五六七八九十]+[.):、]?$/i;
const ENUMERATOR = /^[\u2160-\u217f\u24b6-\u24e9]/;

/** Clean HTML: h3, h4, p, ul, ol, li, a, br. A copy from an editor of this site is unchanged. */
export function cleanPaste(html) {
  const harmless = html
    .replace(STYLES, "")
    .replace(SUPPORT_LISTS, "<span data-marker>$1</span>")
    .replace(TAG, (tag) => tag.replace(UNSAFE_ATTRIBUTE, " data-$1="));
  const { body } = new DOMParser().parseFromString(harmless, "text/html");
  const copied = body.querySelector("[data-pm-slice]"); // ProseMirror marks what it copies
  const known = [...body.querySelectorAll("*")].every((element) => ALLOWED.has(element.localName));
  return copied && known ? harmless : toHtml(read(body));
}

/** The blocks: {tag, html} and for an item also {level, ordered, key}. */
function read(body) {
  const blocks = [];
  let open = null;

  const walk = (node, context) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) put(child.data, context);
      if (child.nodeType !== Node.ELEMENT_NODE) continue;
      const name = child.localName;
      if (DROPPED.has(name) || child.matches(MARKER)) continue;
      const block = BLOCKS.has(name);
      if (block) open = null;
      if (name === "br") put(document.createElement("br"), context);
      else walk(child, inside(child, context));
      if (block) open = null;
    }
  };

  const put = (content, context) => {
    if (!open && content.trim?.() === "") return;
    if (!open) {
      open = context.item?.block ?? { ...context, line: document.createElement("p") };
      if (!blocks.includes(open)) blocks.push(open);
      else open.line.append(document.createElement("br")); // a second paragraph of an item
      if (context.item) context.item.block = open;
    }
    if (!context.href) return open.line.append(content);
    let link = open.line.lastChild;
    if (link?.getAttribute?.("href") !== context.href) {
      link = document.createElement("a");
      link.setAttribute("href", context.href);
      open.line.append(link);
    }
    link.append(content);
  };

  walk(body, { tag: "p", level: 0 });
  return blocks.flatMap(({ line, ...block }) =>
    lines(line, block.tag).map((html) => ({ ...block, html })),
  );
}

/** The context (tag, level, list, link) of an element's content. */
function inside(element, context) {
  const name = element.localName;
  const has = (attribute) => element.getAttribute(attribute);
  if (name === "a") {
    const href = has("href")?.trim();
    return ALLOWED_ADDRESS.test(href) ? { ...context, href } : context;
  }
  if (name === "ul" || name === "ol") {
    const [level, ordered] = [context.level + 1, name === "ol"];
    const key = context.level ? context.key : element;
    return { ...context, tag: "p", item: null, level, ordered, key };
  }
  if (name === "li") {
    const level = Math.max(context.level, has("data-aria-level") ?? has("aria-level") ?? 1);
    return { ...context, tag: "li", item: {}, level, key: has("data-listid") ?? context.key };
  }
  if (context.item) return context;
  const title = element.matches("p.MsoTitle") ? 1 : /^h([1-6])$/.exec(name)?.[1];
  const heading = title ?? (has("role") === "heading" && (has("aria-level") ?? 2));
  if (heading) return { ...context, tag: heading < 3 ? "h3" : "h4" };
  const [, level, key] = ITEM.exec(has("data-style")) ?? [];
  if (!level) return context;
  return { ...context, tag: "li", item: {}, level: +level, ordered: numbered(element), key };
}

function numbered(paragraph) {
  const sign = paragraph.querySelector(MARKER)?.textContent.trim();
  if (sign === undefined) return /number/i.test(paragraph.className);
  return ENUMERATOR.test(sign) || NUMBER.test(sign.normalize("NFKC"));
}

/** The HTML of a block; two line breaks in a row make two paragraphs. */
function lines(line, tag) {
  line.normalize();
  const html = line.innerHTML.replace(WRAPPED, "").replace(/(?:&nbsp;|[ \t\r\n])+/g, " ");
  const parts = tag === "p" ? html.split(/(?:<br> ?){2,}/) : [html];
  return parts.map((part) => part.replace(/^(?:\s|<br>)+|(?:\s|<br>)+$/g, "")).filter(Boolean);
}

/** The blocks as HTML, items in nested lists. */
function toHtml(blocks) {
  const lists = []; // the open lists, the outermost first; each has an open item
  let html = "";
  const close = () => (html += lists.pop().ordered ? "</li></ol>" : "</li></ul>");
  for (const { tag, html: content, level, ordered, key } of blocks) {
    if (tag !== "li") {
      while (lists.length) close();
      html += `<${tag}>${content}</${tag}>`;
      continue;
    }
    while (lists.length > 1 && lists.at(-1).level > level) close();
    let list = lists.at(-1);
    if (list?.level >= level) {
      const another = list.ordered !== ordered || (lists.length === 1 && list.key !== key);
      if (another) list = close() && null;
      else html += "</li>";
    }
    if (list?.level >= level) list.level = level;
    else {
      lists.push({ level, ordered, key });
      html += ordered ? "<ol>" : "<ul>";
    }
    html += `<li>${content}`;
  }
  while (lists.length) close();
  return html;
}
