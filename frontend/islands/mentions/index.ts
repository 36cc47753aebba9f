/**
 * A list of the people who can be called. In every text of the page that is called "text", an @ and the
 * beginning of a name offer those who fit; the arrows choose, Return or Tab takes, Escape closes.
 */
const OFFERED_MAX = 6;
const BEGUN = /(?:^|[^\p{L}\p{N}_@/.])@([\p{L}\p{N}_.+-]*)$/u;

interface Person {
  account: string;
  name: string;
}

export function mount(root: HTMLElement): void {
  const people = [...root.querySelectorAll<HTMLElement>("[data-account]")].map((item) => ({
    account: item.dataset["account"] ?? "",
    name: item.querySelector("bdi")?.textContent ?? "",
  }));
  for (const box of document.querySelectorAll<HTMLTextAreaElement>("form textarea[name='text']")) {
    offerIn(box, people);
  }
}

function offerIn(box: HTMLTextAreaElement, people: readonly Person[]): void {
  const list = document.createElement("ul");
  list.className = "mentions__list";
  list.id = `${box.id}-mentions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People to call");
  list.hidden = true;
  const told = document.createElement("span");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  box.after(list, told);
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  let chosen = 0;

  box.addEventListener("input", offer);
  box.addEventListener("click", offer);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const count = list.children.length;
    if (event.key === "ArrowDown") choose((chosen + 1) % count);
    else if (event.key === "ArrowUp") choose((chosen + count - 1) % count);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" || event.key === "Tab") take(list.children[chosen]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // On the way down, so that the text does not lose what was typed in between.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    take((event.target as Element).closest("li") ?? undefined);
  });

  // Somebody may have begun while this was still being loaded.
  if (document.activeElement === box) offer();

  function offer(): void {
    const begun = begunAt(box);
    const found = begun === null ? [] : people.filter((one) => fits(one, begun)).slice(0, OFFERED_MAX);
    list.replaceChildren(...found.map((one, place) => option(one, `${list.id}-${String(place)}`)));
    list.hidden = found.length === 0;
    if (list.hidden) return close();
    told.textContent = found.length === 1 ? "One person fits." : `${String(found.length)} people fit.`;
    choose(0);
  }

  function choose(place: number): void {
    chosen = place;
    for (const [index, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", String(index === place));
    }
    box.setAttribute("aria-activedescendant", list.children[place]?.id ?? "");
  }

  function take(item: Element | undefined): void {
    const begun = begunAt(box);
    const account = item instanceof HTMLElement ? item.dataset["account"] : undefined;
    if (begun === null || account === undefined) return;
    box.setRangeText(`${account} `, box.selectionStart - begun.length, box.selectionEnd, "end");
    close();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function close(): void {
    list.hidden = true;
    told.textContent = "";
    box.removeAttribute("aria-activedescendant");
  }
}

/** What stands between an @ and the place where one writes; null where nobody is being called. */
function begunAt(box: HTMLTextAreaElement): string | null {
  if (box.selectionStart !== box.selectionEnd) return null;
  return BEGUN.exec(box.value.slice(0, box.selectionStart))?.[1]?.toLowerCase() ?? null;
}

function fits(person: Person, begun: string): boolean {
  const words = person.name.toLowerCase().split(/\s+/);
  return person.account.startsWith(begun) || words.some((word) => word.startsWith(begun));
}

function option(person: Person, id: string): HTMLElement {
  const item = document.createElement("li");
  item.id = id;
  item.className = "mentions__option";
  item.dataset["account"] = person.account;
  item.setAttribute("role", "option");
  const name = document.createElement("bdi");
  name.textContent = person.name;
  const account = document.createElement("span");
  account.className = "soft";
  account.textContent = `@${person.account}`;
  item.append(name, " ", account);
  return item;
}
