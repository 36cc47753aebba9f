/**
 * A mark whose evidence shows on hover and focus, by style alone. This keeps the card within the page, and
 * Escape closes it without moving the pointer.
 */
export function mount(root: HTMLElement): void {
  const card = root.querySelector<HTMLElement>(".cited__card");
  if (!card) return;
  const open = (): void => {
    delete root.dataset["side"];
    if (card.getBoundingClientRect().right > document.documentElement.clientWidth) root.dataset["side"] = "end";
  };
  const leave = (event: PointerEvent | FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && root.contains(event.relatedTarget))) {
      delete root.dataset["dismissed"];
    }
  };
  root.addEventListener("pointerenter", open);
  root.addEventListener("focusin", open);
  root.addEventListener("pointerleave", leave);
  root.addEventListener("focusout", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.matches(":is(:hover, :focus-within)")) root.dataset["dismissed"] = "";
  });
}
