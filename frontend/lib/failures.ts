const SIGNED_OUT = "You are signed out. Sign in in another tab, copy what you typed, and open this page anew.";
const NO_ANSWER = "The server cannot be reached. What you typed is still here: please try again.";

type Failure = CustomEvent<{ requestConfig?: { verb?: string }; xhr?: XMLHttpRequest }>;

/** Says it where the button was when something that somebody did was not done. What they typed stays. */
export function sayThatItFailed(root: Document): void {
  root.addEventListener("htmx:responseError", (event) => {
    const { requestConfig, xhr } = (event as Failure).detail;
    if (requestConfig?.verb === "get") return;
    const status = xhr?.status ?? 0;
    const words = `That was not done (${status}). What you typed is still here.`;
    show(event.target, status === 401 ? SIGNED_OUT : words);
  });
  root.addEventListener("htmx:sendError", (event) => {
    if ((event as Failure).detail.requestConfig?.verb !== "get") show(event.target, NO_ANSWER);
  });
}

function show(target: EventTarget | null, words: string): void {
  const card = target instanceof Element ? target.closest(".writing") : null;
  const place = card ?? document.getElementById("toasts");
  if (!place) return;
  place.querySelector("[data-failure]")?.remove();
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.tone = "red";
  toast.dataset.failure = "";
  toast.setAttribute("role", "alert");
  const text = document.createElement("div");
  text.className = "toast__text";
  text.textContent = words;
  toast.append(text);
  place.append(toast);
}
