export type Theme = "auto" | "light" | "dark";

const COOKIE = "theme";
const COOKIE_AGE_SECONDS = 365 * 24 * 60 * 60;

export function chosenTheme(): Theme {
  const value = document.documentElement.dataset["theme"];
  return value === "light" || value === "dark" ? value : "auto";
}

/** Show the theme now and tell the server by cookie, so that the next page arrives in it. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${theme}; Path=/; Max-Age=${COOKIE_AGE_SECONDS}; SameSite=Lax${secure}`;
}
