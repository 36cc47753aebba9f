/** Says at once that a file is too large, before it is sent for nothing. The server checks again. */
export function mount(root: HTMLElement): void {
  if (!(root instanceof HTMLInputElement)) return;
  const most = Number(root.dataset["bytesMax"]);
  const refusal = root.dataset["tooLarge"] ?? "";

  root.addEventListener("change", () => {
    const tooLarge = [...(root.files ?? [])].some((file) => file.size > most);
    root.setCustomValidity(tooLarge ? refusal : "");
    root.reportValidity();
  });
  // Forms of ours leave checking to the server; this one thing is better said before.
  root.form?.addEventListener("submit", (event) => {
    if (root.reportValidity()) return;
    event.preventDefault();
  });
}
