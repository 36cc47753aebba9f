type Field = HTMLInputElement | HTMLTextAreaElement;

let last: Field | null = null;

document.addEventListener("focusin", (event) => {
  const field = event.target;
  if (field instanceof HTMLElement && field.matches("[data-takes]")) last = field as Field;
});

/** Makes each path of a tree a button that puts it into the field that was used last. */
export function mount(root: HTMLElement): void {
  const help = root.querySelector<HTMLElement>("[data-picker-help]");
  if (help) help.textContent = "Choose a key to put its path into the field that you were in.";
  for (const name of root.querySelectorAll<HTMLElement>("code[data-path]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tree__key";
    button.textContent = name.dataset["name"] ?? name.textContent;
    button.title = name.dataset["path"] ?? "";
    button.addEventListener("click", () => insert(name.dataset["path"] ?? ""));
    name.replaceWith(button);
  }
}

function insert(path: string): void {
  const field = last?.isConnected ? last : firstEmptyField();
  if (!field) return;
  if (field.dataset["takes"] === "path") {
    field.value = path;
  } else {
    field.setRangeText(
      `{{${path}}}`,
      field.selectionStart ?? field.value.length,
      field.selectionEnd ?? field.value.length,
      "end",
    );
  }
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function firstEmptyField(): Field | null {
  const fields = [...document.querySelectorAll<Field>("[data-takes]")];
  return fields.find((field) => !field.value) ?? fields[0] ?? null;
}
