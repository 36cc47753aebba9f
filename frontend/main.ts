import htmx from "htmx.org";
import { csrfToken } from "./lib/csrf";
import { mountIslands } from "./lib/islands";
import { sayThatItFailed } from "./lib/failures";

// The content security policy allows neither eval nor style elements made by scripts.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
// What is put in answers at once: a key pressed before it does would load the whole page.
htmx.config.defaultSettleDelay = 0;
// It would carry over what scripts have set, which the policy forbids as an attribute.
htmx.config.attributesToSettle = ["class", "width", "height"];
// A form that comes back with its errors (422) is shown in place; other failures are not.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

document.addEventListener("htmx:configRequest", (event) => {
  const request = (event as CustomEvent<{ verb: string; headers: Record<string, string> }>).detail;
  if (request.verb !== "get") request.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("htmx:load", (event) => {
  mountIslands((event as CustomEvent<{ elt: HTMLElement }>).detail.elt);
});

sayThatItFailed(document);
mountIslands(document);
