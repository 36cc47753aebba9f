import { csrfToken } from "../../lib/csrf";

const PAUSE_MILLISECONDS = 400;
const REASON_CHARACTERS_MAX = 500;
const METRICS = [
  "direction",
  "fontFamily",
  "fontFeatureSettings",
  "fontSize",
  "fontStyle",
  "fontVariationSettings",
  "fontWeight",
  "letterSpacing",
  "lineHeight",
  "paddingBlockEnd",
  "paddingBlockStart",
  "paddingInlineEnd",
  "paddingInlineStart",
  "tabSize",
  "textAlign",
  "textIndent",
  "wordSpacing",
] as const;

/** Some words in the box. Their line in the list is there even where the words are edited meanwhile. */
interface Mark {
  start: number;
  end: number;
  item: HTMLElement;
  place?: HTMLElement;
}

type Box = HTMLTextAreaElement | HTMLInputElement;

const editors = new Set<Editor>();

/**
 * The list of findings below a box. The words are marked in the box, by a copy of its text behind it. While
 * somebody types, the marks move along, and shortly after the section is checked anew: the answer is the
 * list. F8 and Shift+F8 go from finding to finding over the whole page, F9 takes the first suggestion.
 * A list with `data-quiet` is for the one who types alone, and empty until then.
 */
export function mount(root: HTMLElement): void {
  const box = document.getElementById(root.dataset["box"] ?? "");
  const isLine = box instanceof HTMLInputElement && box.type === "text";
  if (isLine || box instanceof HTMLTextAreaElement) editors.add(new Editor(root, box));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "F8" || event.ctrlKey || event.altKey || event.metaKey) return;
  const open = openEditors();
  if (!open.length) return;
  event.preventDefault();
  const target = event.target instanceof Node ? event.target : null;
  const here = open.find((editor) => editor.holds(target));
  go(open, here, event.shiftKey ? -1 : 1);
});

function openEditors(): Editor[] {
  for (const editor of editors) if (!editor.box.isConnected) editors.delete(editor);
  return [...editors].sort((one, other) =>
    one.box.compareDocumentPosition(other.box) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
  );
}

function go(open: Editor[], here: Editor | undefined, step: 1 | -1): void {
  const all = open.flatMap((editor) => editor.marks.map((mark) => ({ editor, mark })));
  if (!all.length) {
    open[0]?.say("No findings about wording on this page.");
    return;
  }
  const at = here ? open.indexOf(here) : step > 0 ? -1 : open.length;
  const behind = all.filter(({ editor, mark }) => {
    const index = open.indexOf(editor);
    if (index !== at || !here) return step > 0 ? index > at : index < at;
    return step > 0 ? here.isBefore(mark) : mark.start < here.selection.start;
  });
  const found = step > 0 ? (behind[0] ?? all[0]) : (behind.at(-1) ?? all.at(-1));
  if (found) found.editor.show(found.mark, `${String(all.indexOf(found) + 1)} of ${String(all.length)}`);
}

class Editor {
  marks: Mark[] = [];
  private text: string;
  private timer: number | undefined;
  private asked = 0;
  private request: AbortController | undefined;
  private waiting: string | undefined;
  private card: HTMLElement | undefined;
  private readonly under = element("div", "marks");
  private readonly copy = element("div", "marks__text");
  private readonly status = element("p", "visually-hidden");

  constructor(
    readonly root: HTMLElement,
    readonly box: Box,
  ) {
    this.copy.classList.toggle("marks__text--line", box instanceof HTMLInputElement);
    this.text = box.value;
    this.under.setAttribute("aria-hidden", "true");
    this.under.append(this.copy);
    box.parentElement?.classList.add("has-marks");
    box.before(this.under);
    this.status.setAttribute("role", "status");
    root.after(this.status);
    box.setAttribute("aria-keyshortcuts", "F8 Shift+F8 F9");
    const count = root.querySelector("[data-count]");
    if (count?.id) {
      box.setAttribute("aria-describedby", [box.getAttribute("aria-describedby"), count.id].filter(Boolean).join(" "));
    }

    const typed: HTMLElement = box;
    typed.addEventListener("input", () => this.onInput());
    typed.addEventListener("scroll", () => this.align(), { passive: true });
    typed.addEventListener("click", () => this.onClick());
    typed.addEventListener("keydown", (event) => this.onKey(event));
    typed.addEventListener("blur", (event) => {
      if (!this.card?.contains(event.relatedTarget as Node | null)) this.close();
    });
    root.addEventListener("click", (event) => this.onChoice(event));
    root.addEventListener("focusout", () => window.setTimeout(() => this.takeWaiting()));
    // A line goes sideways without telling every browser.
    if (box instanceof HTMLInputElement) typed.addEventListener("keyup", () => this.align());
    new ResizeObserver(() => this.align()).observe(box);

    this.read();
    // A browser that comes back to a page fills in again what was typed in it.
    if (box.value !== box.defaultValue || (box.value && root.dataset["quiet"] !== undefined)) this.soon(0);
  }

  get selection(): { start: number; end: number } {
    return { start: this.box.selectionStart ?? 0, end: this.box.selectionEnd ?? 0 };
  }

  holds(target: Node | null): boolean {
    return target === this.box || this.root.contains(target) || Boolean(this.card?.contains(target));
  }

  isBefore(mark: Mark): boolean {
    const { start, end } = this.selection;
    return mark.start > start || (mark.start === start && start === end);
  }

  say(words: string): void {
    this.status.textContent = words;
  }

  /** Select the words of a mark, bring them into view, and say what there is to say about them. */
  show(mark: Mark, counted = ""): void {
    for (let at = this.box.closest("details"); at; at = at.parentElement?.closest("details") ?? null) at.open = true;
    this.box.focus({ preventScroll: true });
    this.box.setSelectionRange(mark.start, mark.end);
    const place = mark.place;
    if (place) {
      const top = place.offsetTop;
      if (top < this.box.scrollTop || top + place.offsetHeight > this.box.scrollTop + this.box.clientHeight) {
        this.box.scrollTop = Math.max(top - this.box.clientHeight / 3, 0);
      }
      this.align();
      const { top: above, bottom } = place.getBoundingClientRect();
      if (above < 80 || bottom > window.innerHeight - 160) {
        window.scrollBy({ top: above - window.innerHeight / 3, behavior: "instant" });
      }
    }
    this.open(mark);
    const message = mark.item.querySelector(".finding__message")?.textContent ?? "";
    const ways = suggestionsOf(mark.item).map((way) => `“${way}”`);
    const better = ways.length ? ` Instead: ${ways.join(" or ")}. F9 takes the first.` : "";
    this.say(`${counted ? `${counted}: ` : ""}${this.box.value.slice(mark.start, mark.end)}. ${message}${better}`);
  }

  private onInput(): void {
    this.marks = moved(this.marks, this.text, this.box.value);
    this.text = this.box.value;
    this.close();
    this.draw();
    this.soon(PAUSE_MILLISECONDS);
  }

  private onClick(): void {
    const { start, end } = this.selection;
    const mark = start === end ? this.marks.find((one) => one.start <= start && start <= one.end) : undefined;
    if (mark) this.open(mark);
    else this.close();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.card) {
      event.preventDefault();
      this.close();
    } else if (event.key === "F9" || (event.key === "Enter" && event.altKey)) {
      const { start, end } = this.selection;
      const mark = this.marks.find((one) => one.start <= start && end <= one.end);
      if (!mark) return;
      event.preventDefault();
      const [way] = suggestionsOf(mark.item);
      if (way === undefined) this.show(mark);
      else this.accept(mark, way);
    }
  }

  /** A click in the list or in the card beside the words. */
  private onChoice(event: Event, shown?: HTMLElement): void {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>("button, a") : null;
    const item = shown ?? target?.closest<HTMLElement>(".finding") ?? undefined;
    if (!target) return;
    const mark = this.marks.find((one) => one.item === item);
    if (target.dataset["suggestion"] !== undefined) {
      if (mark) this.accept(mark, target.dataset["suggestion"]);
    } else if (target.dataset["unmute"] !== undefined) {
      event.preventDefault();
      void this.send(target.dataset["unmute"], {}, item);
    } else if (target.dataset["mute"] !== undefined && item) {
      event.preventDefault();
      this.close();
      this.askReason(item);
    } else if (target.classList.contains("finding__words") && mark) {
      this.show(mark);
    }
  }

  private accept(mark: Mark, way: string): void {
    this.box.focus({ preventScroll: true });
    this.box.setSelectionRange(mark.start, mark.end);
    // The old command, for it alone is undone with Ctrl+Z like everything else that is typed.
    const done = document.execCommand(way ? "insertText" : "delete", false, way);
    if (!done) {
      this.box.setRangeText(way, mark.start, mark.end, "end");
      this.box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.close();
    this.soon(0);
    this.say("Replaced. F8 goes to the next finding.");
  }

  private askReason(item: HTMLElement): void {
    if (item.querySelector(".finding__reason")) return;
    const form = element("div", "finding__reason field");
    const label = element("label", "field__label");
    const input = document.createElement("input");
    const error = element("p", "field__error");
    const mute = button("Mute", "button button--small");
    const cancel = button("Cancel", "button button--quiet button--small");
    const buttons = element("div", "buttons");
    input.type = "text";
    input.className = "input";
    input.id = `${item.id}-reason`;
    input.maxLength = REASON_CHARACTERS_MAX;
    label.setAttribute("for", input.id);
    label.textContent = "Why these words may stand";
    error.hidden = true;
    error.setAttribute("role", "alert");
    buttons.append(mute, cancel);
    form.append(label, input, error, buttons);
    item.append(form);
    const given = item.dataset;
    const send = (): void => {
      const words = ["category", "quote", "before", "after"].map((name) => [name, given[name] ?? ""]);
      void this.send(this.root.dataset["mutes"] ?? "", { ...Object.fromEntries(words), reason: input.value }, item);
    };
    const leave = (): void => {
      form.remove();
      item.querySelector<HTMLElement>("[data-mute]")?.focus();
    };
    mute.addEventListener("click", send);
    cancel.addEventListener("click", leave);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") send();
      else if (event.key === "Escape") leave();
      else return;
      // The box stands in the form of the whole page.
      event.preventDefault();
    });
    input.focus();
  }

  /** Change a mute on the server; the list of the section comes back. */
  private async send(address: string, given: Record<string, string>, item: HTMLElement | undefined): Promise<void> {
    const text = this.box.value;
    const section = this.root.dataset["section"] ?? "";
    const answer = await this.post(address, { ...given, section, text }).catch(() => undefined);
    if (answer?.ok) {
      const list = await answer.text();
      this.box.focus({ preventScroll: true });
      if (this.box.value === text) this.take(list);
      else this.soon(0);
      return;
    }
    const error = item?.querySelector<HTMLElement>(".field__error");
    const refused = answer?.status === 422 ? await answer.text() : "It was not kept. Please try again in a moment.";
    if (error) {
      error.textContent = refused;
      error.hidden = false;
    } else this.say(refused);
  }

  private soon(milliseconds: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.check(), milliseconds);
  }

  private async check(): Promise<void> {
    if (!this.box.isConnected) return;
    const text = this.box.value;
    const number = ++this.asked;
    this.request?.abort();
    this.request = new AbortController();
    try {
      const answer = await this.post(this.root.dataset["check"] ?? "", { text }, this.request.signal);
      if (!answer.ok) return;
      const list = await answer.text();
      // What was typed meanwhile is checked by the next one.
      if (number === this.asked && text === this.box.value) this.take(list);
    } catch {
      // Away for a moment, or there is a newer question: the marks stand as they are.
    }
  }

  private post(address: string, given: Record<string, string>, signal?: AbortSignal): Promise<Response> {
    return fetch(address, {
      method: "POST",
      body: new URLSearchParams(given),
      headers: { "X-CSRFToken": csrfToken() },
      redirect: "error",
      ...(signal ? { signal } : {}),
    });
  }

  /** Put in the list as it is now, unless somebody writes a reason in it. */
  private take(list: string): void {
    if (this.root.contains(document.activeElement)) {
      this.waiting = list;
      return;
    }
    this.waiting = undefined;
    const fresh = new DOMParser().parseFromString(list, "text/html").querySelector(".findings");
    if (!fresh) return;
    const wasOpen = this.root.querySelector("details")?.open ?? false;
    const count = this.root.querySelector("[data-count]");
    const next = fresh.querySelector("[data-count]");
    if (!count || !next) return;
    // It stays the same element, so that a screen reader hears of what changes in it.
    if (count.textContent.trim() !== next.textContent.trim()) count.replaceChildren(...next.childNodes);
    next.remove();
    for (const child of [...this.root.children]) if (child !== count) child.remove();
    count.after(...fresh.children);
    const details = this.root.querySelector("details");
    if (details) details.open = wasOpen;
    this.close();
    this.read();
  }

  private takeWaiting(): void {
    if (this.waiting !== undefined && !this.root.contains(document.activeElement)) this.soon(0);
  }

  /** Make marks of the lines of the list, and buttons of what can be done with them. */
  private read(): void {
    this.text = this.box.value;
    this.marks = [];
    for (const item of this.root.querySelectorAll<HTMLElement>(".finding[data-start]")) {
      const [start, end] = [Number(item.dataset["start"]), Number(item.dataset["end"])];
      if (end <= this.text.length) this.marks.push({ start, end, item });
      becomeButtons(item);
    }
    this.draw();
  }

  private draw(): void {
    const parts: (string | HTMLElement)[] = [];
    let last = 0;
    for (const mark of this.marks) {
      const start = Math.max(mark.start, last);
      if (mark.end <= start) continue;
      parts.push(this.text.slice(last, start));
      mark.place = element("mark", "marks__words");
      mark.place.dataset["severity"] = mark.item.dataset["severity"] ?? "";
      mark.place.textContent = this.text.slice(start, mark.end);
      parts.push(mark.place);
      last = mark.end;
    }
    // A last line that is empty would have no height.
    parts.push(`${this.text.slice(last)}\u200b`);
    this.copy.replaceChildren(...parts);
    this.align();
  }

  private align(): void {
    const { box, under, copy } = this;
    const style = getComputedStyle(box);
    for (const name of METRICS) copy.style[name] = style[name];
    under.style.insetBlockStart = `${String(box.offsetTop + box.clientTop)}px`;
    under.style.left = `${String(box.offsetLeft + box.clientLeft)}px`;
    under.style.inlineSize = `${String(box.clientWidth)}px`;
    under.style.blockSize = `${String(box.clientHeight)}px`;
    if (box instanceof HTMLInputElement) {
      // Its words stand in the middle of its height.
      const padding = parseFloat(style.paddingBlockStart) + parseFloat(style.paddingBlockEnd);
      copy.style.lineHeight = `${String(box.clientHeight - padding)}px`;
      copy.style.transform = `translateX(${String(-box.scrollLeft)}px)`;
    } else {
      copy.style.inlineSize = `${String(box.clientWidth)}px`;
      copy.style.transform = `translateY(${String(-box.scrollTop)}px)`;
    }
  }

  /** The card beside the words: what the list says of them. */
  private open(mark: Mark): void {
    this.close();
    if (!mark.place) return;
    const card = element("div", "finding-card");
    card.setAttribute("role", "group");
    card.setAttribute("aria-label", "Finding");
    for (const part of mark.item.querySelectorAll(".finding__message, .finding__ways, .finding__question, .finding__more")) {
      card.append(part.cloneNode(true));
    }
    card.addEventListener("click", (event) => this.onChoice(event, mark.item));
    card.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.box.focus({ preventScroll: true });
      this.close();
    });
    card.addEventListener("focusout", (event) => {
      const to = event.relatedTarget as Node | null;
      if (to !== this.box && !card.contains(to)) this.close();
    });
    this.box.after(card);
    this.card = card;
    const field = this.box.offsetParent?.getBoundingClientRect();
    const words = mark.place.getClientRects();
    const first = words[0];
    const end = words[words.length - 1];
    if (!field || !first || !end) return;
    const room = field.width - card.offsetWidth;
    card.style.insetBlockStart = `${String(end.bottom - field.top + 6)}px`;
    card.style.left = `${String(Math.max(0, Math.min(first.left - field.left, room)))}px`;
  }

  private close(): void {
    const card = this.card;
    this.card = undefined;
    card?.remove();
  }
}

/** The marks after an edit: those behind it move along, those that it touched are gone until the check. */
function moved(marks: Mark[], before: string, after: string): Mark[] {
  const short = Math.min(before.length, after.length);
  let head = 0;
  while (head < short && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < short - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const by = after.length - before.length;
  return marks.flatMap((mark) => {
    if (mark.end <= head) return [mark];
    if (mark.start < before.length - tail) return [];
    return [{ ...mark, start: mark.start + by, end: mark.end + by }];
  });
}

function becomeButtons(item: HTMLElement): void {
  for (const way of item.querySelectorAll<HTMLElement>("ins[data-suggestion]")) {
    const choice = button(way.textContent, "button button--small finding__way");
    choice.dataset["suggestion"] = way.dataset["suggestion"];
    way.replaceWith(choice);
  }
  const words = item.querySelector<HTMLElement>("q.finding__words");
  if (words) {
    const choice = button(words.textContent, "finding__words");
    choice.title = "Go to these words";
    words.replaceWith(choice);
  }
}

function suggestionsOf(item: HTMLElement): string[] {
  return [...item.querySelectorAll<HTMLElement>("[data-suggestion]")].map((way) => way.dataset["suggestion"] ?? "");
}

function element(name: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

function button(words: string, className: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = words;
  return made;
}
