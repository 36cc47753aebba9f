/**
 * What the server suggests for a box, in a hidden input of a part of the page that is replaced when something
 * else is to be suggested. The box follows it as long as nobody has typed anything else there.
 */
const suggestions = new WeakMap<HTMLInputElement, string>();

export function mount(root: HTMLElement): void {
  const box = document.getElementById(root.dataset["box"] ?? "");
  const source = root.querySelector<HTMLInputElement>("input[type=hidden]");
  if (!(box instanceof HTMLInputElement) || !source) return;
  // What is typed while the answer is on its way differs from what was suggested, too, and stays.
  if (box.value === suggestions.get(box)) box.value = source.value;
  suggestions.set(box, source.value);
}
