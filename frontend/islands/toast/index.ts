/** Gives a message its button to put it away. */
export function mount(root: HTMLElement): void {
  const button = root.querySelector<HTMLButtonElement>("[data-dismiss]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = root.nextElementSibling ?? root.previousElementSibling;
    root.remove();
    // The focus must not fall off the page together with the button that held it.
    const target = next?.querySelector<HTMLElement>("[data-dismiss]") ?? document.getElementById("main");
    target?.focus({ preventScroll: true });
  });
}
