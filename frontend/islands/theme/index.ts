import { chooseTheme, chosenTheme, type Theme } from "../../lib/theme";

/** A form of three buttons (auto, light, dark); changes at once what the server would on a reload. */
export function mount(root: HTMLElement): void {
  const buttons = [...root.querySelectorAll<HTMLButtonElement>("button[name=theme]")];
  root.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    chooseTheme(button.value as Theme);
    show();
  });

  function show(): void {
    const theme = chosenTheme();
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
  }
}
