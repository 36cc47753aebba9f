/**
 * A list of a document's sections, by whose links the sections are found. When a reader selects words in
 * one of them, a button beside the selection leads to the form that comments on these words.
 */
const HINT_CHARACTERS = 60;
const QUOTE_CHARACTERS_MAX = 1000;

export function mount(root: HTMLElement): void {
  const address = root.dataset["address"] ?? "";
  const keys = new Map<Element, string>();
  for (const item of root.querySelectorAll<HTMLElement>("[data-section]")) {
    const anchor = item.querySelector("a")?.getAttribute("href")?.slice(1);
    const section = anchor ? document.getElementById(anchor) : null;
    if (section) keys.set(section, item.dataset["section"] ?? "");
  }
  const link = document.createElement("a");
  link.className = "button button--small quote-button";
  link.textContent = "Comment on this";
  link.hidden = true;
  document.body.append(link);

  document.addEventListener("selectionchange", offer);
  // Words may be selected already while this is still being loaded.
  offer();

  function offer(): void {
    link.hidden = true;
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    const section = closestSection(range.commonAncestorContainer, keys);
    const quote = squeezed(selection.toString());
    if (!section || quote.length < 2 || quote.length > QUOTE_CHARACTERS_MAX) return;
    const before = document.createRange();
    before.setStart(section, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const query = new URLSearchParams({
      section: keys.get(section) ?? "",
      quote,
      hint: squeezed(before.toString()).slice(-HINT_CHARACTERS),
    });
    link.href = `${address}?${query.toString()}#new-comment`;
    const box = range.getBoundingClientRect();
    link.style.insetBlockStart = `${String(window.scrollY + box.bottom + 6)}px`;
    link.style.insetInlineStart = `${String(Math.max(8, window.scrollX + box.left))}px`;
    link.hidden = false;
  }
}

function closestSection(node: Node, keys: Map<Element, string>): Element | null {
  for (let at: Node | null = node; at; at = at.parentNode) {
    if (at instanceof Element && keys.has(at)) return at;
  }
  return null;
}

function squeezed(text: string): string {
  return text.split(/\s+/).filter(Boolean).join(" ");
}
