import htmx from "htmx.org";
import { mountIslands } from "../../lib/islands";

const PAUSE_MILLISECONDS = 1500;
const POLL_MILLISECONDS = 10_000;
const VERSION_HEADER = "X-Live-Version";

/**
 * Keeps an open page as it is in the record. A stream of server-sent events tells that there is a new
 * version; where the server has none to spare, the page asks every few seconds. Either way the page is
 * fetched again, and only what differs is put in: [data-live=part] as a whole, [data-live=list] by its
 * items, each known by its id. While nobody looks, nothing is open: browsers have few connections.
 */
export function mount(root: HTMLElement): void {
  const status = root.querySelector<HTMLElement>("[role=status]");
  const link = root.querySelector<HTMLAnchorElement>("a");
  let version = root.dataset["version"] ?? "";
  let source: EventSource | undefined;
  let poll: number | undefined;
  let waiting: number | undefined;
  let fetching = false;

  link?.setAttribute("hidden", "");
  document.addEventListener("visibilitychange", onVisibility);
  window.addEventListener("pagehide", stop);
  onVisibility();

  function onVisibility(): void {
    if (!root.isConnected) return stop();
    if (document.visibilityState === "visible") start();
    else stop();
  }

  function start(): void {
    if (source || poll || !root.dataset["events"]) return;
    source = new EventSource(root.dataset["events"]);
    source.addEventListener("version", (event) => {
      if ((event as MessageEvent<string>).data !== version) soon();
    });
    source.addEventListener("error", () => {
      // A connection that broke is tried again by the browser; one that was refused is not.
      if (source?.readyState !== EventSource.CLOSED) return;
      source = undefined;
      poll = window.setInterval(() => void refresh(), POLL_MILLISECONDS);
    });
  }

  function stop(): void {
    source?.close();
    source = undefined;
    window.clearInterval(poll);
    poll = undefined;
    window.clearTimeout(waiting);
    waiting = undefined;
  }

  function soon(): void {
    waiting ??= window.setTimeout(() => {
      waiting = undefined;
      void refresh();
    }, PAUSE_MILLISECONDS * Math.random());
  }

  async function refresh(): Promise<void> {
    if (fetching || isBusy()) return soonAgain();
    fetching = true;
    try {
      const answer = await fetch(location.pathname + (root.dataset["page"] ?? location.search), {
        headers: { [VERSION_HEADER]: version },
        redirect: "manual",
      });
      if (answer.status === 204) return;
      if (!answer.ok) {
        // Signed out, or it is not theirs to see any more: what stands here stays until they reload.
        if (answer.status < 500) giveUp();
        return;
      }
      take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The network is gone for a moment; the next event or poll tries again.
    } finally {
      fetching = false;
    }
  }

  function soonAgain(): void {
    waiting ??= window.setTimeout(() => {
      waiting = undefined;
      void refresh();
    }, PAUSE_MILLISECONDS * 2);
  }

  function giveUp(): void {
    stop();
    document.removeEventListener("visibilitychange", onVisibility);
    link?.removeAttribute("hidden");
  }

  function take(fresh: Document): void {
    let added = 0;
    for (const part of document.querySelectorAll<HTMLElement>("[data-live][id]")) {
      const its = fresh.getElementById(part.id);
      if (!its) continue;
      if (part.dataset["live"] === "list") added += patchList(part, its);
      else if (!isSame(part, its) && !isInUse(part)) replace(part, its);
    }
    version = fresh.getElementById("incident-live")?.dataset["version"] ?? version;
    root.dataset["version"] = version;
    if (status && added) status.textContent = added === 1 ? "1 new entry." : `${added} new entries.`;
  }

  /** A form that was opened in place keeps what is typed in it, also while the pointer is elsewhere. */
  function isInUse(part: HTMLElement): boolean {
    return part.contains(document.activeElement) || part.querySelector("[data-editing]") !== null;
  }

  function isBusy(): boolean {
    const selection = document.getSelection();
    const selects = selection && !selection.isCollapsed;
    return Boolean(selects) || document.querySelector("dialog[open], .dialog:target") !== null;
  }
}

function patchList(list: HTMLElement, fresh: HTMLElement): number {
  let added = 0;
  const wanted = new Set([...fresh.children].map((item) => item.id));
  for (const item of [...list.children]) if (!wanted.has(item.id)) item.remove();
  let place = list.firstElementChild;
  for (const item of [...fresh.children] as HTMLElement[]) {
    const here = document.getElementById(item.id);
    if (!here) {
      item.classList.add("timeline__entry--new");
      list.insertBefore(item, place);
      added += 1;
      wake(item);
      continue;
    }
    if (here !== place) list.insertBefore(here, place);
    if (!isSame(here, item) && !here.contains(document.activeElement)) {
      const choice = here.querySelector<HTMLInputElement>("input[type=checkbox]")?.checked ?? false;
      here.className = item.className;
      replace(here, item);
      const box = here.querySelector<HTMLInputElement>("input[type=checkbox]");
      if (box) box.checked = choice;
    }
    place = here.nextElementSibling;
  }
  return added;
}

function isSame(here: HTMLElement, fresh: HTMLElement): boolean {
  return withoutTokens(here) === withoutTokens(fresh);
}

/** The token of a form is another one in each answer, and either of them is good. */
function withoutTokens(part: HTMLElement): string {
  return part.innerHTML.replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1");
}

function replace(here: HTMLElement, fresh: HTMLElement): void {
  here.replaceChildren(...fresh.childNodes);
  wake(here);
}

function wake(part: HTMLElement): void {
  htmx.process(part);
  mountIslands(part);
}
