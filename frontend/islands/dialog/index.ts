/**
 * A native modal dialog. Links to its #id and buttons with data-opens-dialog open it. Without this
 * script the link still shows it in the page, through :target.
 */
export function mount(root: HTMLElement): void {
  if (!(root instanceof HTMLDialogElement)) return;
  const dialog = root;

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const opener = target?.closest<HTMLElement>("a[href^='#'], [data-opens-dialog]");
    if (!opener) return;
    const id = opener.dataset["opensDialog"] ?? opener.getAttribute("href")?.slice(1);
    if (id !== dialog.id) return;
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
  });

  dialog.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    // A click on the dialog itself, and not on what is in it, is a click on the backdrop.
    if (target === dialog || target?.closest("[data-closes-dialog]")) {
      event.preventDefault();
      dialog.close();
    }
  });

  // An error that the server found in the dialog's form must be seen.
  if (location.hash === `#${dialog.id}` || dialog.querySelector("[aria-invalid=true]")) {
    dialog.showModal();
  }
}
