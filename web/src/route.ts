// Where one is: "#/lots/L-7?q=x" is the page "lots", the name "L-7" and the query. The back button works, links can be
// shared, and the server needs to know nothing of it.
import { signal } from "@preact/signals";

export interface Place {
  page: string;
  name: string; // empty: none
  query: URLSearchParams;
}

export function placeOf(hash: string): Place {
  const text = hash.replace(/^#\/?/, "");
  const [path = "", query = ""] = text.split("?", 2);
  const [page = "", ...rest] = path.split("/");
  let name = rest.join("/");
  try {
    name = decodeURIComponent(name);
  } catch {
    // A name that was not escaped is taken as it stands.
  }
  return { page: page || "overview", name, query: new URLSearchParams(query) };
}

export const place = signal<Place>(placeOf(location.hash));
addEventListener("hashchange", () => {
  place.value = placeOf(location.hash);
});

export function link(page: string, name = "", query?: Record<string, string>): string {
  const tail = query ? `?${new URLSearchParams(query)}` : "";
  return `#/${page}${name ? `/${encodeURIComponent(name)}` : ""}${tail}`;
}
export function go(page: string, name = "", query?: Record<string, string>): void {
  location.hash = link(page, name, query);
}
/** The same page with another query, without a step for the back button. */
export function requery(query: Record<string, string>): void {
  const { page, name } = place.peek();
  const used = Object.fromEntries(Object.entries(query).filter(([, v]) => v !== ""));
  history.replaceState(null, "", link(page, name, Object.keys(used).length ? used : undefined));
  place.value = placeOf(location.hash);
}
