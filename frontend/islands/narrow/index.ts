/** Puts a box above many things to tick that leaves only those with the typed words, and what is ticked. */
export function mount(root: HTMLElement): void {
  const list = root.querySelector<HTMLElement>(":scope > div:last-child");
  const choices = [...(list?.querySelectorAll<HTMLLabelElement>("label:has(input)") ?? [])];
  if (!list || choices.length === 0) return;
  const box = document.createElement("input");
  box.type = "search";
  box.className = "input";
  box.autocomplete = "off";
  box.placeholder = "Find";
  box.setAttribute("aria-label", "Find among these");
  const found = document.createElement("p");
  found.className = "visually-hidden";
  found.setAttribute("role", "status");
  list.before(box, found);
  box.addEventListener("keydown", (event) => {
    // It sends the form from any other box.
    if (event.key === "Enter") event.preventDefault();
  });
  box.addEventListener("input", () => {
    const words = fold(box.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const choice of choices) {
      const text = fold(choice.textContent ?? "");
      const matches = words.every((word) => text.includes(word));
      if (matches) count += 1;
      const ticked = choice.querySelector<HTMLInputElement>("input")?.checked ?? false;
      // Nothing is sent that cannot be seen.
      (choice.parentElement ?? choice).hidden = !matches && !ticked;
    }
    found.textContent = words.length === 0 ? "" : count === 0 ? "None found" : `${count} found`;
  });
}

/** Small letters without accents. */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}
