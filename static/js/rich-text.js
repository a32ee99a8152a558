// Replaces textareas with rich text editors. Without this script they stay textareas.
//
// The textarea always contains the HTML of the editor, and fires "input" when it changes. A script that changes
// the textarea must fire "change". "prose-editor:ready" passes {editor, textarea} to other scripts.

import * as tiptap from "../django_prose_editor/editor.js";
import { cleanPaste } from "./paste.js";

start(document);
document.addEventListener("formset:added", ({ target }) => start(target));

function start(root) {
  for (const textarea of root.querySelectorAll("textarea[data-rich-text]")) {
    const isTemplate = textarea.id.includes("__prefix__"); // of rows that are added
    if (!isTemplate && !textarea.closest(".prose-editor")) edit(textarea);
  }
}

function edit(textarea) {
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  label.id ||= `${textarea.id}_label`;
  const box = document.createElement("div");
  box.className = "prose-editor";
  textarea.before(box);
  box.append(textarea);

  const attributes = {
    id: `${textarea.id}_area`,
    "aria-labelledby": label.id,
    "aria-multiline": "true",
  };
  for (const name of ["lang", "aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name);
  }
  const editor = new tiptap.Editor({
    element: box,
    injectCSS: false, // the content security policy forbids inline styles: see rich-text.css
    editable: !textarea.disabled,
    content: textarea.value,
    extensions: extensions(),
    editorProps: { attributes, transformPastedHTML: cleanPaste },
    onUpdate() {
      textarea.value = text();
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  // The stored HTML may be formatted differently: an edit that is undone restores it exactly.
  const stored = { value: textarea.value, html: html(editor) };
  const text = () => (html(editor) === stored.html ? stored.value : html(editor));
  if (editor.isEditable) box.prepend(toolbar(editor, label));
  label.addEventListener("click", () => editor.commands.focus());
  const showText = () => {
    if (textarea.value !== text()) editor.commands.setContent(textarea.value);
  };
  textarea.addEventListener("change", showText);
  textarea.autocomplete = "off"; // a browser would restore the hidden textarea and not the editor
  addEventListener("pageshow", showText);
  const followLink = () => {
    if (location.hash !== `#${textarea.id}`) return;
    editor.commands.focus(null, { scrollIntoView: false }); // it would scroll as little as possible
    label.scrollIntoView();
  };
  addEventListener("hashchange", followLink); // a link to the textarea focuses its editor
  // In the first frame after loading, the browser removes the focus, because the link's target is hidden.
  if (document.readyState === "complete") followLink();
  else addEventListener("load", () => requestAnimationFrame(followLink));
  const detail = { editor, textarea };
  textarea.dispatchEvent(new CustomEvent("prose-editor:ready", { detail, bubbles: true }));
}

// Exactly the tags that careers/rich_text.py allows.
function extensions() {
  const { Link, OrderedList } = tiptap;
  return [
    tiptap.Document,
    tiptap.Paragraph,
    tiptap.Text,
    tiptap.HardBreak,
    tiptap.Heading.configure({ levels: [3, 4] }),
    tiptap.Bold,
    tiptap.Italic,
    tiptap.BulletList,
    OrderedList.extend({ addAttributes: () => ({}), addNodeView: null }),
    tiptap.ListItem,
    Link.extend({
      addAttributes: () => ({ href: { default: null } }),
      addCommands() {
        return { ...this.parent(), addLink: () => ({ editor }) => askForLink(editor) };
      },
    }).configure({
      autolink: false,
      isAllowedUri: (address) => /^(?:https?:|mailto:|tel:|[/#?])/i.test(address ?? ""),
    }),
    tiptap.History,
  ];
}

// The HTML without <p> in list items of one paragraph; "" if the editor is empty.
function html(editor) {
  if (!editor.getText().trim()) return "";
  return editor
    .getHTML()
    .replace(/<li><p>((?:(?!<\/p>).)*)<\/p>(?=<\/li>|<[uo]l>)/g, "<li>$1")
    .replace(/(?:<p><\/p>)+$/, "");
}

function tools(editor) {
  const { gettext } = window;
  const run = (command, ...options) => () => editor.chain().focus()[command](...options).run();
  const heading = (level) => {
    return { run: run("toggleHeading", { level }), mark: ["heading", { level }] };
  };
  return [
    { icon: "format_bold", name: gettext("Bold"), run: run("toggleBold"), mark: ["bold"] },
    { icon: "format_italic", name: gettext("Italic"), run: run("toggleItalic"), mark: ["italic"] },
    { icon: "title", name: gettext("Heading"), ...heading(3) },
    { icon: "title", name: gettext("Small heading"), ...heading(4) },
    {
      icon: "format_list_bulleted",
      name: gettext("Bulleted list"),
      run: run("toggleBulletList"),
      mark: ["bulletList"],
    },
    {
      icon: "format_list_numbered",
      name: gettext("Numbered list"),
      run: run("toggleOrderedList"),
      mark: ["orderedList"],
    },
    {
      icon: "insert_link",
      name: gettext("Link"),
      run: () => editor.commands.addLink(),
      mark: ["link"],
      enabled: () => linkable(editor),
    },
    { icon: "undo", name: gettext("Undo"), run: run("undo"), enabled: () => editor.can().undo() },
    { icon: "redo", name: gettext("Redo"), run: run("redo"), enabled: () => editor.can().redo() },
  ];
}

// The toolbar is one tab stop; the arrow keys move between its buttons.
function toolbar(editor, label) {
  const bar = document.createElement("div");
  bar.className = "prose-menubar";
  bar.setAttribute("role", "toolbar");
  const field = label.textContent.trim().replace(/[:：]$/, "");
  bar.setAttribute("aria-label", window.gettext("Formatting of {field}").replace("{field}", field));
  bar.setAttribute("aria-controls", editor.view.dom.id);

  const updates = tools(editor).map(({ icon, name, run, mark, enabled = () => true }) => {
    const button = tiptap.materialMenuButton(icon, name);
    const level = mark?.[1]?.level;
    if (level) button.dataset.level = level;
    button.classList.toggle("prose-menubar__button--heading", Boolean(level));
    button.addEventListener("click", () => enabled() && run());
    bar.append(button);
    return () => {
      button.setAttribute("aria-disabled", !enabled());
      button.classList.toggle("disabled", !enabled());
      if (!mark) return;
      button.setAttribute("aria-pressed", editor.isActive(...mark));
      button.classList.toggle("active", editor.isActive(...mark));
    };
  });
  const update = () => updates.forEach((updateButton) => updateButton());
  editor.on("transaction", update);
  update();

  const buttons = [...bar.children];
  const setTabStop = (current) => {
    for (const [index, button] of buttons.entries()) button.tabIndex = index === current ? 0 : -1;
  };
  setTabStop(0);
  bar.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  bar.addEventListener("focusin", ({ target }) => setTabStop(buttons.indexOf(target)));
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    buttons.at(next % buttons.length).focus();
  });
  return bar;
}

function linkable(editor) {
  return editor.isActive("link") || !editor.state.selection.empty;
}

// Asks for the URL of a link; an empty one removes the link.
function askForLink(editor) {
  if (!linkable(editor)) return false;
  const { gettext } = window;
  const title = gettext("Link");
  const description = gettext("Leave it empty to remove the link.");
  const href = { type: "string", title: gettext("Address (URL or e-mail)"), description };
  const question = tiptap.updateAttrsDialog({ href }, { title, submitText: gettext("Apply") });
  question(editor, editor.getAttributes("link")).then((answer) => {
    if (!answer) return editor.commands.focus();
    const chain = editor.chain().focus().extendMarkRange("link");
    const address = withScheme(answer.href.trim());
    return (address ? chain.setLink({ href: address }) : chain.unsetLink()).run();
  });
  editor.view.dom.parentElement.querySelector("dialog").setAttribute("aria-label", title);
  return true;
}

function withScheme(address) {
  if (!address || /^(?:[a-z][a-z\d+.-]*:|[/#?])/i.test(address)) return address;
  return address.includes("@") ? `mailto:${address}` : `https://${address}`;
}
