// Dark and light, and the colours that canvases need of the style sheet.
import { signal } from "@preact/signals";

export type Theme = "auto" | "dark" | "light";
const Kept = "fabtwin.theme";
function keptTheme(): Theme {
  const t = localStorage.getItem(Kept);
  return t === "dark" || t === "light" ? t : "auto";
}
export const theme = signal<Theme>(keptTheme());
export const themeTurn = signal(0); // grows when colours changed

function apply(): void {
  const t = theme.value;
  if (t === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = t;
  colours.clear();
  themeTurn.value++;
}
export function setTheme(next: Theme): void {
  theme.value = next;
  localStorage.setItem(Kept, next);
  apply();
}

const colours = new Map<string, string>();
/** Of a variable of the style sheet: colour("--band"). */
export function colour(name: string): string {
  let c = colours.get(name);
  if (c === undefined) {
    c = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    colours.set(name, c);
  }
  return c;
}
apply();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
