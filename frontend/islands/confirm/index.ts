/** A form that asks its data-confirm question before it is sent. */
export function mount(root: HTMLElement): void {
  root.addEventListener("submit", (event) => {
    const question = root.dataset["confirm"];
    if (question && !window.confirm(question)) event.preventDefault();
  });
}
