/** Copies the text of [data-copy-text] inside, or the value of data-copy, and says so. */
export function mount(root: HTMLElement): void {
  const button = root.querySelector<HTMLButtonElement>("[data-copy-button]");
  const label = button?.querySelector<HTMLElement>("[data-copy-label]");
  // The clipboard exists on https and on localhost only; elsewhere the button would be a lie.
  if (!button || !label || !navigator.clipboard) return;

  const resting = label.textContent;
  let timer = 0;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = root.dataset["copy"] ?? root.querySelector("[data-copy-text]")?.textContent ?? "";
    try {
      await navigator.clipboard.writeText(text);
      label.textContent = "Copied";
      button.dataset["state"] = "done";
    } catch {
      label.textContent = "Select and copy by hand";
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      label.textContent = resting;
      delete button.dataset["state"];
    }, 2000);
  });
}
