const EVERY_MILLISECONDS = 5000;

/**
 * Asks htmx every few seconds to fetch the part inside anew, only while somebody looks: not in a hidden
 * tab, not while text in it is selected or a dialog is open. [data-refresh-controls] holds a button that
 * pauses it.
 */
export function mount(root: HTMLElement): void {
  const part = () => root.querySelector<HTMLElement>('[hx-trigger~="refresh"]');
  const controls = root.querySelector<HTMLElement>("[data-refresh-controls]");
  const pause = controls?.querySelector<HTMLButtonElement>("button");
  let paused = false;

  controls?.removeAttribute("hidden");
  pause?.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
  });
  // Somebody who was signed out meanwhile is sent to another page, which has no such part.
  root.addEventListener("htmx:beforeSwap", (event) => {
    const answer = (event as CustomEvent<{ serverResponse: string; shouldSwap: boolean }>).detail;
    const id = part()?.id;
    if (id && !answer.serverResponse.includes(`id="${id}"`)) answer.shouldSwap = false;
  });

  const timer = window.setInterval(() => {
    if (!root.isConnected) {
      window.clearInterval(timer);
      return;
    }
    if (paused || document.visibilityState !== "visible" || isBusy()) return;
    part()?.dispatchEvent(new Event("refresh"));
  }, EVERY_MILLISECONDS);

  function isBusy(): boolean {
    const selection = document.getSelection();
    const selects = selection && !selection.isCollapsed && root.contains(selection.anchorNode);
    return Boolean(selects) || document.querySelector("dialog[open], .dialog:target") !== null;
  }
}
