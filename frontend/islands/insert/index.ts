/** Makes each [data-insert] inside a button that puts its text where the reader last typed. */
export function mount(root: HTMLElement): void {
  const first = (): HTMLTextAreaElement | null => document.querySelector("form textarea:not([readonly])");
  if (!first()) return;
  let last: HTMLTextAreaElement | null = null;
  document.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLTextAreaElement && !event.target.readOnly) last = event.target;
  });
  for (const place of root.querySelectorAll<HTMLElement>("[data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "insert";
    button.title = "Put it into the text";
    button.append(...place.childNodes);
    place.replaceChildren(button);
    button.addEventListener("click", () => {
      const box = last?.isConnected ? last : first();
      if (!box) return;
      box.focus();
      box.setRangeText(button.textContent ?? "", box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
