type Control = HTMLInputElement | HTMLTextAreaElement;

/** Asks before a page is left on which something was typed and not saved. */
export function mount(root: HTMLElement): void {
  let leaving = false;
  root.addEventListener("submit", () => {
    leaving = true;
  });
  // Saving a section by itself puts a fresh box in its place, whose default is what was saved.
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && hasUnsaved(root)) event.preventDefault();
  });
}

function hasUnsaved(root: HTMLElement): boolean {
  return [...root.querySelectorAll<Control>("textarea:not([readonly]), input[type=text], input:not([type])")].some(
    (control) => control.value !== control.defaultValue || control.closest("[data-unsaved]") !== null,
  );
}
