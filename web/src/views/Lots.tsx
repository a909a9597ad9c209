import { useMemo } from "preact/hooks";
import { duration, number, percent, shortTime, spread, zoneName } from "../format";
import { state } from "../live";
import { Panel, Pending, Table, type Column } from "../parts/Parts";
import { useAsk } from "../parts/use";
import { go, place, requery } from "../route";
import type { LotRow, Lots } from "../types";

const Every = 10_000; // [ms]

export function risky(l: LotRow): boolean {
  return l.on_time !== undefined && l.on_time !== null && l.on_time < 0.5;
}

export function matches(l: LotRow, text: string): boolean {
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => [l.name, l.product ?? "", l.group, l.step, l.place, l.tool ?? ""].some((part) => part.toLowerCase().includes(word)));
}

/** Above the priority that most lots have, the least one. */
export function usualPriority(lots: LotRow[]): number {
  return lots.reduce((least, l) => Math.min(least, l.priority), lots[0]?.priority ?? 0);
}

function columns(now: number, usual: number): Column<LotRow>[] {
  return [
    { key: "name", title: "Lot", width: "minmax(7rem,1.2fr)", cell: (l) => <>{l.priority > usual && <span class="chip warn" title={`a hot lot: priority ${l.priority}, usual is ${usual}`}>▲ hot</span>} {l.name}</>, order: (l) => l.name },
    { key: "product", title: "Product", width: "minmax(5rem,1fr)", cell: (l) => l.product ?? "–", order: (l) => l.product ?? "" },
    { key: "place", title: "Where", width: "6rem", cell: (l) => l.place, order: (l) => l.place },
    { key: "group", title: "Tool group", width: "minmax(7rem,1.2fr)", cell: (l) => l.tool ?? l.group, order: (l) => l.tool ?? l.group },
    { key: "step", title: "Step", width: "minmax(6rem,1fr)", cell: (l) => l.step, order: (l) => l.step },
    { key: "since", title: "For", width: "5.5rem", right: true, cell: (l) => duration(now - l.since_ms), order: (l) => -l.since_ms },
    { key: "due", title: `Due (${zoneName()})`, width: "7.5rem", right: true, cell: (l) => <span class={l.due_ms < now ? "bad" : ""}>{shortTime(l.due_ms)}</span>, order: (l) => l.due_ms },
    { key: "done", title: "Done in, d [90 %]", width: "9rem", right: true, cell: (l) => spread(l.done_hours?.map((h) => (h === null ? null : h / 24)), 1), order: (l) => l.done_hours?.[1] ?? 1e9 },
    { key: "on_time", title: "On time", width: "5rem", right: true, cell: (l) => <span class={risky(l) ? "bad" : ""}>{percent(l.on_time ?? null)}</span>, order: (l) => l.on_time ?? 2 },
  ];
}

export function LotsPage() {
  const asked = useAsk<Lots>("v1/lots", Every);
  const text = place.value.query.get("q") ?? "";
  const only = place.value.query.get("only") ?? "";
  const now = state.value?.now_ms ?? asked.value?.now_ms ?? 0;
  const all = asked.value?.lots;
  const usual = useMemo(() => usualPriority(all ?? []), [all]);
  const shown = useMemo(
    () => (all ?? []).filter((l) => matches(l, text) && (only === "" || (only === "risk" ? risky(l) : only === "hot" ? l.priority > usual : l.due_ms < (asked.value?.now_ms ?? 0)))),
    [all, text, only],
  );
  const set = (next: Record<string, string>): void => requery({ q: text, only, ...next });
  return (
    <>
      <h1>Lots</h1>
      <Panel title={all ? `${number(shown.length)} of ${number(all.length)} lots` : "Lots"} note="a click, or the enter key, opens a lot">
        <div class="row" style={{ marginBottom: "0.5rem" }}>
          <label class="grow">
            Search: lot, product, tool, step, place
            <input type="search" value={text} onInput={(e) => set({ q: (e.target as HTMLInputElement).value })} />
          </label>
          <label>
            Only
            <select value={only} onChange={(e) => set({ only: (e.target as HTMLSelectElement).value })}>
              <option value="">all</option>
              <option value="hot">hot lots</option>
              <option value="risk">likely to be late</option>
              <option value="late">late already</option>
            </select>
          </label>
        </div>
        {all ? <Table rows={shown} columns={columns(now, usual)} nameOf={(l) => l.name} open={(l) => go("lots", l.name)} label="Lots" height={620} first={{ key: "due", down: false }} /> : <Pending of={asked} />}
        {asked.value && asked.problem && <p class="bad">{asked.problem}</p>}
        {all && shown.length === 0 && <p class="empty">No lot is like that.</p>}
      </Panel>
    </>
  );
}
