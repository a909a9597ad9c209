import { useEffect, useMemo, useState } from "preact/hooks";
import { ask } from "../api";
import { number, percent } from "../format";
import { Empty, Facts, Panel, Pending } from "../parts/Parts";
import { useAsk } from "../parts/use";
import { stacked, stackOf, WaferMap } from "../parts/WaferMap";
import { place, requery } from "../route";
import type { WaferIndex, WaferMapData } from "../types";

const PageSize = 60;

function useMaps(ids: number[]): WaferMapData[] {
  const [maps, setMaps] = useState<WaferMapData[]>([]);
  const key = ids.join(",");
  useEffect(() => {
    let gone = false;
    setMaps([]);
    if (ids.length > 0) void ask<{ maps: WaferMapData[] }>(`v1/wafers/maps?ids=${key}`).then((m) => !gone && setMaps(m.maps), () => undefined);
    return () => {
      gone = true;
    };
  }, [key]);
  return maps;
}

export function WafersPage() {
  const asked = useAsk<WaferIndex>("v1/wafers");
  const query = place.value.query;
  const lot = query.get("lot") ?? "";
  const label = query.get("label") ?? "";
  const from = Number(query.get("from") ?? 0);
  const at = Number(query.get("at") ?? -1);
  const all = asked.value?.maps;
  const chosen = useMemo(() => (all ?? []).filter((m) => (lot === "" || m.lot.includes(lot)) && (label === "" || m.label === label)), [all, lot, label]);
  const labels = useMemo(() => {
    const counts = new Map<string, number>();
    for (const m of all ?? []) counts.set(m.label, (counts.get(m.label) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1]);
  }, [all]);
  const page = chosen.slice(from, from + PageSize);
  const maps = useMaps(page.map((m) => m.id));
  const stack = useMemo(() => stacked(maps), [maps]);
  const one = maps.find((m) => m.id === at);
  const info = page.find((m) => m.id === at);
  const set = (next: Record<string, string>): void => requery({ lot, label, from: from > 0 ? String(from) : "", at: at >= 0 ? String(at) : "", ...next });
  if (!all) return <><h1>Wafers</h1><Pending of={asked} missing="This twin has no wafer maps." /></>;
  return (
    <>
      <h1>Wafer maps</h1>
      <p class="note">
        {asked.value?.source}. {asked.value?.generated ? "Generated: the site names no maps of its own." : asked.value?.licence}
      </p>
      <div class="third stack">
        <Panel title={info ? `Lot ${info.lot}, wafer ${info.wafer}` : "All on this page, stacked"} note={info ? <button type="button" class="plain" onClick={() => set({ at: "" })}>stack</button> : stack ? `${stack.maps} of one size` : ""}>
          {one ? <WaferMap of={stackOf(one)} size={300} label={`Wafer map of lot ${one.lot}, wafer ${one.wafer}: ${one.label}`} /> : stack ? <WaferMap of={stack} size={300} label="Stacked map: share of failed dies at each place" /> : <Empty>No map.</Empty>}
          <div class="legend">
            <span><i class="dot" style={{ background: "var(--die-good)" }} />good</span>
            <span><i class="dot" style={{ background: "var(--die-bad)" }} />bad</span>
          </div>
          {info && <Facts rows={[["Pattern, by people", info.label], ["Dies", number(info.dies)], ["Bad", `${number(info.bad)} (${percent(info.bad / Math.max(1, info.dies), 1)})`], ["Grid", `${info.rows} × ${info.cols}`]]} />}
          {!info && stack && <Facts rows={[["Maps", number(stack.maps)], ["Bad dies", percent(stack.bad.reduce((a, b) => a + b, 0) / Math.max(1, stack.tried.reduce((a, b) => a + b, 0)), 1)]]} />}
        </Panel>
      </div>
      <div class="two">
        <Panel title={`${number(chosen.length)} of ${number(all.length)} maps`}>
          <div class="row" style={{ marginBottom: "0.6rem" }}>
            <label>
              Lot
              <input type="search" value={lot} onInput={(e) => set({ lot: (e.target as HTMLInputElement).value, from: "", at: "" })} />
            </label>
            <label>
              Pattern
              <select value={label} onChange={(e) => set({ label: (e.target as HTMLSelectElement).value, from: "", at: "" })}>
                <option value="">all</option>
                {labels.map(([l, n]) => (
                  <option key={l} value={l}>{`${l} (${n})`}</option>
                ))}
              </select>
            </label>
            <span class="grow" />
            <button type="button" disabled={from === 0} onClick={() => set({ from: String(Math.max(0, from - PageSize)), at: "" })}>Earlier</button>
            <span class="quiet">{chosen.length > 0 ? `${from + 1} to ${Math.min(from + PageSize, chosen.length)}` : ""}</span>
            <button type="button" disabled={from + PageSize >= chosen.length} onClick={() => set({ from: String(from + PageSize), at: "" })}>Later</button>
          </div>
          {chosen.length === 0 ? (
            <Empty>No map is like that.</Empty>
          ) : (
            <div class="wafers">
              {maps.map((m) => (
                <button type="button" key={m.id} aria-pressed={m.id === at} onClick={() => set({ at: String(m.id) })}>
                  <WaferMap of={stackOf(m)} size={88} label="" />
                  <span>{m.lot} / {m.wafer}</span>
                  <span class="quiet">{m.label}</span>
                </button>
              ))}
            </div>
          )}
        </Panel>
      </div>
    </>
  );
}
