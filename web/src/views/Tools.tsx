import { useMemo, useState } from "preact/hooks";
import { Hour, number, time } from "../format";
import { groups, plan } from "../live";
import { Gantt, type Colouring } from "../parts/Gantt";
import { ModeLegend, ModeList, ModeWords } from "../parts/modes";
import { Empty, Panel, Pending, Table, Tabs, type Column } from "../parts/Parts";
import { useAsk } from "../parts/use";
import { go, link, place, requery } from "../route";
import type { Jobs, Mode, ToolRow, Tools } from "../types";

const Spans = [["4", "4 h"], ["12", "12 h"], ["24", "24 h"], ["48", "48 h"]] as const;

function Chart({ only }: { only: string }) {
  const [hours, setHours] = useState<(typeof Spans)[number][0]>("12");
  const [by, setBy] = useState<Colouring>("mode");
  const [turn, setTurn] = useState(0);
  const asked = useAsk<Jobs>(`v1/jobs?hours=${hours}${only ? `&group=${encodeURIComponent(only)}` : ""}`, 30_000, turn);
  const j = asked.value;
  return (
    <Panel title="What tools did" note={by === "mode" ? <ModeLegend /> : `bars coloured by ${by}`}>
      <div class="row" style={{ marginBottom: "0.5rem" }}>
        <Tabs of={Spans} at={hours} choose={setHours} label="How far back" />
        <label>
          Coloured by
          <select value={by} onChange={(e) => setBy((e.target as HTMLSelectElement).value as Colouring)}>
            <option value="mode">state (E10)</option>
            <option value="product">product</option>
            <option value="lot">lot</option>
          </select>
        </label>
        <button type="button" onClick={() => setTurn(turn + 1)}>Now</button>
        <span class="quiet">{j ? `${number(j.bar.tool.length)} bars` : ""}</span>
      </div>
      {!j ? (
        <Pending of={asked} />
      ) : j.bar.tool.length === 0 ? (
        <Empty>Nothing has been told of these tools in that time.</Empty>
      ) : (
        <>
          {j.known_ms > j.from_ms + Hour / 60 && <p class="note">Bars are known from {time(j.known_ms)} on.</p>}
          <Gantt jobs={j} by={by} />
        </>
      )}
      <p class="note">Drag to move; wheel with Ctrl, or + and −, to zoom; a click opens the lot or the tool.</p>
    </Panel>
  );
}

function columns(): Column<ToolRow>[] {
  return [
    { key: "name", title: "Tool", width: "minmax(8rem,1.4fr)", cell: (t) => t.name, order: (t) => t.name },
    { key: "group", title: "Tool group", width: "minmax(8rem,1.4fr)", cell: (t) => t.group, order: (t) => t.group },
    { key: "mode", title: "State", width: "9rem", cell: (t) => <span class={t.mode === "down" ? "bad" : ""}><i class="dot" style={{ background: `var(--${t.mode})` }} /> {ModeWords[t.mode] ?? t.mode}</span>, order: (t) => ModeList.indexOf(t.mode) },
    { key: "lots", title: "Lots", width: "minmax(6rem,1.2fr)", cell: (t) => t.lots.join(", ") || "–" },
    { key: "factor", title: "Process time × group’s", width: "9rem", right: true, cell: (t) => <span class={Math.abs(t.factor - 1) > 0.1 ? "bad" : ""}>{number(t.factor, 2)}</span>, order: (t) => -Math.abs(t.factor - 1) },
    { key: "doubt", title: "Sure of it", width: "6rem", cell: (t) => (t.doubtful ? <span class="warn">▲ not sure</span> : "yes"), order: (t) => (t.doubtful ? 0 : 1) },
  ];
}

export function ToolsPage() {
  const query = place.value.query;
  const part = query.get("part") === "list" ? "list" : "gantt";
  const group = query.get("group") ?? "";
  const text = query.get("q") ?? "";
  const mode = query.get("mode") ?? "";
  const asked = useAsk<Tools>(part === "list" ? "v1/tools" : null, 10_000);
  const shown = useMemo(
    () => (asked.value?.tools ?? []).filter((t) => (group === "" || t.group === group) && (mode === "" || t.mode === (mode as Mode)) && (t.name.toLowerCase().includes(text.toLowerCase()) || t.group.toLowerCase().includes(text.toLowerCase()))),
    [asked.value, group, text, mode],
  );
  const set = (next: Record<string, string>): void => requery({ part, group, q: text, mode, ...next });
  return (
    <>
      <div class="row">
        <h1>Tools</h1>
        <Tabs of={[["gantt", "Hour by hour"], ["list", "List"]] as const} at={part} choose={(p) => set({ part: p })} label="Tools" />
        <label>
          Tool group
          <select value={group} onChange={(e) => set({ group: (e.target as HTMLSelectElement).value })}>
            <option value="">all</option>
            {(plan.value?.areas ?? []).map((a) => (
              <optgroup key={a.name} label={a.name}>
                {a.groups.map((g) => (
                  <option key={g}>{plan.value?.groups[g]?.name}</option>
                ))}
              </optgroup>
            ))}
            {!plan.value && (groups.value?.groups ?? []).map((g) => <option key={g.name}>{g.name}</option>)}
          </select>
        </label>
        {group && <a href={link("groups", group)}>Its queue</a>}
      </div>
      {part === "gantt" ? (
        <Chart only={group} />
      ) : (
        <Panel title={asked.value ? `${number(shown.length)} of ${number(asked.value.tools.length)} tools` : "Tools"}>
          <div class="row" style={{ marginBottom: "0.5rem" }}>
            <label class="grow">
              Search: tool, group
              <input type="search" value={text} onInput={(e) => set({ q: (e.target as HTMLInputElement).value })} />
            </label>
            <label>
              State
              <select value={mode} onChange={(e) => set({ mode: (e.target as HTMLSelectElement).value })}>
                <option value="">all</option>
                {ModeList.map((m) => (
                  <option key={m} value={m}>{ModeWords[m]}</option>
                ))}
              </select>
            </label>
          </div>
          {asked.value ? <Table rows={shown} columns={columns()} nameOf={(t) => t.name} open={(t) => go("tools", t.name)} label="Tools" height={620} /> : <Pending of={asked} />}
        </Panel>
      )}
    </>
  );
}
