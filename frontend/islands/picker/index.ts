type Field = HTMLInputElement | HTMLTextAreaElement;

// Somebody may have been in a field before this was loaded.
let last: Field | null = asField(document.activeElement);

document.addEventListener("focusin", (event) => {
  last = asField(event.target) ?? last;
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

function asField(one: EventTarget | null): Field | null {
  return one instanceof HTMLElement && one.matches("[data-takes]") ? (one as Field) : null;
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
