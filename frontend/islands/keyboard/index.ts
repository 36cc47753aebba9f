import { isTyping } from "../../lib/typing";

const SEQUENCE_MS_MAX = 1200;
const STORED_AS = "keys";

/**
 * The keys of every page. The element lists where "g" leads: data-go-i="/incidents" is "g i". It is
 * the dialog of shortcuts, opened by "?".
 */
export function mount(root: HTMLElement): void {
  let startedAt = 0;
  const isOn = mountSwitch(root);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !isOn()) return;
    if (isTyping(event.target) || document.querySelector("dialog:modal")) return;

    if (startedAt && event.timeStamp - startedAt < SEQUENCE_MS_MAX) {
      startedAt = 0;
      const address = /^[a-z]$/.test(event.key) ? root.getAttribute(`data-go-${event.key}`) : null;
      if (address) {
        event.preventDefault();
        location.assign(address);
      }
      return;
    }
    startedAt = 0;

    if (event.key === "g") startedAt = event.timeStamp;
    else if (event.key === "/") focusSearch(event, root.dataset.search);
    else if (event.key === "j") moveRow(event, 1);
    else if (event.key === "k") moveRow(event, -1);
    else if (event.key === "?" && root instanceof HTMLDialogElement) {
      event.preventDefault();
      root.showModal();
    }
  });
}

/** People who dictate, or press keys by accident, can turn single keys off (WCAG 2.1.4). */
function mountSwitch(root: HTMLElement): () => boolean {
  const line = root.querySelector<HTMLElement>("[data-keys-switch]");
  const box = line?.querySelector("input");
  if (!line || !box) return () => true;
  line.hidden = false;
  box.checked = localStorage.getItem(STORED_AS) !== "off";
  box.addEventListener("change", () => localStorage.setItem(STORED_AS, box.checked ? "on" : "off"));
  return () => box.checked;
}

/** The search of the list that is shown; where there is none, the search over everything. */
function focusSearch(event: KeyboardEvent, everything: string | undefined): void {
  const box = document.querySelector<HTMLInputElement>("[data-search], input[type=search]");
  if (!box && !everything) return;
  event.preventDefault();
  if (!box) {
    location.assign(everything ?? "");
    return;
  }
  box.focus();
  box.select();
}

/** Moves the focus to the first link of the next row; Enter then opens it as any link. */
function moveRow(event: KeyboardEvent, step: 1 | -1): void {
  const list = document.querySelector<HTMLElement>("[data-keyboard-rows]");
  if (!list) return;
  const selector = list.matches("table, tbody") ? "tbody tr, tr:not(thead tr)" : ":scope > *";
  const links = [...list.querySelectorAll<HTMLElement>(selector)]
    .map((row) => row.querySelector<HTMLElement>("a[href]"))
    .filter((link) => link !== null);
  if (!links.length) return;
  event.preventDefault();
  const at = links.findIndex((link) => link.closest("tr, li")?.contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
  links[next]?.focus();
}
