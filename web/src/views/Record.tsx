import { useEffect, useState } from "preact/hooks";
import { may, tell } from "../api";
import { Day, duration, exactTime, Hour, number, spread, time, zoneName } from "../format";
import { plan, state } from "../live";
import { FlowMap } from "../parts/FlowMap";
import { ModeMeter, modesText } from "../parts/modes";
import { Empty, Facts, Panel, Pending, Table, Tabs } from "../parts/Parts";
import { resultOf } from "../parts/scenario";
import { useAsk } from "../parts/use";
import { go, link, place, requery } from "../route";
import type { AuditLine, DoubtReason, EntryPage, LotRow, PastMoment, ScenarioLine } from "../types";
import { Provenance } from "./Provenance";

const Parts = [
  ["travel", "Time travel"],
  ["trail", "Trail"],
  ["provenance", "Provenance"],
  ["entries", "Entries"],
  ["quarantine", "Quarantine"],
  ["doubts", "Doubts"],
] as const;
type Part = (typeof Parts)[number][0];

// The twin as it was: its record folded up to what had arrived by a moment.
function Travel() {
  const now = state.value?.now_ms ?? 0;
  const kept = useAsk<{ from_ms: number; until_ms: number }>("v1/moments", 60_000);
  const wanted = Number(place.value.query.get("at") ?? 0);
  const [at, setAt] = useState(wanted);
  const [past, setPast] = useState<PastMoment | null>(null);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (wanted <= 0) return undefined;
    const gone = new AbortController();
    setBusy(true);
    setWrong("");
    tell<ScenarioLine>("v1/moments", { at: wanted })
      .then((line) => resultOf<PastMoment>(line.id, gone.signal))
      .then((got) => {
        if (got === null) return;
        setPast(got);
        setBusy(false);
      })
      .catch((e: unknown) => {
        if (gone.signal.aborted) return;
        setWrong(e instanceof Error ? e.message : String(e));
        setBusy(false);
      });
    return () => gone.abort();
  }, [wanted]);
  const range = kept.value;
  if (!range) return <Pending of={kept} />;
  const value = at > 0 ? at : range.until_ms;
  const visit = (ms: number): void => {
    const to = Math.max(range.from_ms, Math.min(Math.round(ms), now || range.until_ms));
    setAt(to);
    requery({ at: String(to) });
  };
  const step = Math.max(60_000, Math.round((range.until_ms - range.from_ms) / 500 / 60_000) * 60_000);
  return (
    <>
      <Panel title="The twin as it was" note={`the record begins ${time(range.from_ms)}`}>
        <label style={{ display: "flex" }}>
          <span>Moment: {exactTime(value)} ({duration((now || range.until_ms) - value)} ago)</span>
          <input type="range" min={range.from_ms} max={range.until_ms} step={step} value={value} aria-valuetext={exactTime(value)} onInput={(e) => setAt(Number((e.target as HTMLInputElement).value))} onChange={(e) => visit(Number((e.target as HTMLInputElement).value))} />
        </label>
        <div class="row">
          <button type="button" onClick={() => visit(value - Day)}>A day back</button>
          <button type="button" onClick={() => visit(value - Hour)}>An hour back</button>
          <button type="button" onClick={() => visit(value + Hour)}>An hour on</button>
          <button type="button" onClick={() => visit(value + Day)}>A day on</button>
          {busy && <span role="status" class="quiet">Folding the record …</span>}
        </div>
        {wrong && <p class="bad" role="alert">{wrong}</p>}
        {!past && !busy && !wrong && <Empty>Slide to a moment: the record is folded up to what had arrived by then, and you see what the twin believed.</Empty>}
      </Panel>
      {past && (
        <>
          <Panel title={`As of ${exactTime(past.at_ms)}`} note={`${number(past.entries)} entries folded in ${number(past.seconds, 2)} s; belief ${past.belief}`}>
            <Facts rows={[["Lots in the fab", number(past.wip)], ["Tools", modesText(past.tools)], ["What had arrived by", exactTime(past.arrived_ms)]]} />
            <ModeMeter of={past.tools} />
          </Panel>
          {plan.value && <Panel title="The fab, then"><FlowMap plan={plan.value} groups={past.groups} /></Panel>}
          <Panel title={`${number(past.lots.length)} lots, then`}>
            <Table<LotRow>
              rows={past.lots}
              nameOf={(l) => l.name}
              open={(l) => go("lots", l.name)}
              label="Lots, then"
              height={400}
              columns={[
                { key: "name", title: "Lot", width: "1fr", cell: (l) => l.name, order: (l) => l.name },
                { key: "place", title: "Where", width: "7rem", cell: (l) => l.place, order: (l) => l.place },
                { key: "group", title: "Tool group", width: "1fr", cell: (l) => l.tool ?? l.group, order: (l) => l.tool ?? l.group },
                { key: "step", title: "Step", width: "1fr", cell: (l) => l.step, order: (l) => l.step },
                { key: "due", title: `Due (${zoneName()})`, width: "10rem", cell: (l) => time(l.due_ms), order: (l) => l.due_ms },
              ]}
            />
          </Panel>
        </>
      )}
    </>
  );
}

const PageSize = 100;

function Trail() {
  const from = Number(place.value.query.get("from") ?? -1);
  const head = useAsk<{ size: number; head: string; entries: AuditLine[] }>(may("audit") ? "v1/audit?from=0&limit=1" : null, 30_000);
  const size = head.value?.size ?? 0;
  const at = from >= 0 ? from : Math.max(0, size - PageSize);
  const page = useAsk<{ entries: AuditLine[] }>(head.value ? `v1/audit?from=${at}&limit=${PageSize}` : null, 0, size);
  if (!may("audit")) return <Empty>Your role does not read the trail: an engineer, an approver or an admin does.</Empty>;
  if (!page.value) return <Pending of={page.problem ? page : head} />;
  return (
    <Panel title={`${number(size)} entries of decisions and accounts`} note={<span class="mono">head {head.value?.head.slice(0, 16)}…</span>}>
      <div class="row">
        <button type="button" disabled={at === 0} onClick={() => requery({ from: String(Math.max(0, at - PageSize)) })}>Earlier</button>
        <span class="quiet">{number(at)} to {number(Math.min(size, at + PageSize) - 1)}</span>
        <button type="button" disabled={at + PageSize >= size} onClick={() => requery({ from: String(at + PageSize) })}>Later</button>
      </div>
      <div class="scroll">
        <table class="plain">
          <thead><tr><th class="right">#</th><th>When</th><th>Kind</th><th>What</th></tr></thead>
          <tbody>
            {page.value.entries.slice().reverse().map((e) => (
              <tr key={e.number}>
                <td class="right">{number(e.number)}</td>
                <td>{exactTime(e.at)}</td>
                <td>{e.kind}</td>
                <td class="mono">{e.text.length > 400 ? <details><summary>{e.text.slice(0, 160)}…</summary>{e.text}</details> : e.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Entries() {
  const [text, setText] = useState(place.value.query.get("entry") ?? "");
  const wanted = place.value.query.get("entry") ?? "";
  const asked = useAsk<EntryPage>(/^\d+$/.test(wanted) ? `v1/entries/${wanted}` : null);
  const e = asked.value;
  const at = Number(wanted);
  return (
    <Panel title="One entry of the record" note={e ? `of ${number(e.entries)}` : ""}>
      <form class="row" onSubmit={(ev) => { ev.preventDefault(); requery({ entry: text }); }}>
        <label>Number<input inputMode="numeric" pattern="[0-9]+" required value={text} onInput={(ev) => setText((ev.target as HTMLInputElement).value)} /></label>
        <button type="submit">Show</button>
        {e && <button type="button" disabled={at === 0} onClick={() => { setText(String(at - 1)); requery({ entry: String(at - 1) }); }}>The one before</button>}
        {e && <button type="button" disabled={at + 1 >= e.entries} onClick={() => { setText(String(at + 1)); requery({ entry: String(at + 1) }); }}>The next one</button>}
      </form>
      {wanted && !e && <Pending of={asked} missing="The record has no such entry, or has given it up." />}
      {e && (
        <>
          <Facts rows={[["Entry", number(e.entry)], ["Kind", e.kind], ["When", exactTime(e.at_ms)], ["Source", e.source ?? "–"], ["Its number there", e.sequence !== undefined ? number(e.sequence) : "–"]]} />
          {e.events && e.events.length > 0 && <><h3>What it tells</h3><pre>{e.events.map((x) => JSON.stringify(x)).join("\n")}</pre></>}
          {e.text && <><h3>Text</h3><pre>{e.text}</pre></>}
          {!e.text && e.kind.startsWith("note: people.") && <Empty>What people did stands in the <a href={link("record", "trail")}>trail</a>, for who may read it.</Empty>}
          {e.raw && <><h3>As it came</h3><Facts rows={[["Where", <span class="mono">{e.raw.place}</span>], ["Bytes", number(e.raw.bytes)], ["SHA-256", <span class="mono">{e.raw.sha256}</span>]]} /><pre>{e.raw.hex}</pre></>}
        </>
      )}
    </Panel>
  );
}

interface QuarantinePage {
  quarantined: number;
  messages: { entry?: number; at_ms?: number; source?: string; why: string; bytes?: number; text?: string }[];
}

function Quarantine() {
  const asked = useAsk<QuarantinePage>("v1/quarantine", 15_000);
  if (!asked.value) return <Pending of={asked} />;
  return (
    <Panel title={`${number(asked.value.quarantined)} messages were set aside`} note="kept as they came, and told to nobody">
      {asked.value.messages.length === 0 ? <Empty>None.</Empty> : (
        <div class="scroll">
          <table class="plain">
            <thead><tr><th>When</th><th>From</th><th>Why</th><th class="right">Entry</th></tr></thead>
            <tbody>
              {asked.value.messages.map((m, k) => (
                <tr key={k}>
                  <td>{m.at_ms !== undefined ? exactTime(m.at_ms) : "–"}</td>
                  <td>{m.source ?? "–"}</td>
                  <td>{m.why}{m.text && <details><summary>as it came</summary><pre>{m.text}</pre></details>}</td>
                  <td class="right">{m.entry !== undefined ? <a href={link("record", "entries", { entry: String(m.entry) })}>{number(m.entry)}</a> : "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

interface DoubtsPage {
  lots: { lot: string; since_ms: number; because: DoubtReason[] }[];
  tools: { tool: string; since_ms: number; because: DoubtReason[] }[];
}

function DoubtsPart() {
  const asked = useAsk<DoubtsPage>("v1/doubts", 15_000);
  const d = asked.value;
  if (!d) return <Pending of={asked} />;
  const rows = [...d.tools.map((t) => ({ name: t.tool, page: "tools", ...t })), ...d.lots.map((l) => ({ name: l.lot, page: "lots", ...l }))];
  return (
    <Panel title="Of what the twin is not sure" note={`${d.tools.length} tools, ${d.lots.length} lots`}>
      {rows.length === 0 ? <Empty>Nothing: all that it believes follows from what was told.</Empty> : (
        <div class="scroll">
          <table class="plain">
            <thead><tr><th>Of</th><th>Since</th><th>Because</th></tr></thead>
            <tbody>
              {rows.map((r) => (
                <tr key={`${r.page} ${r.name}`}>
                  <td><a href={link(r.page, r.name)}>{r.name}</a></td>
                  <td>{time(r.since_ms)}</td>
                  <td>{r.because.map((b) => [b.why, b.event, b.lot, b.tool].filter(Boolean).join(", ")).join("; ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function LinesOfRecord() {
  const s = state.value;
  if (!s) return null;
  const f = s.forecast;
  return (
    <Panel title="The record" note={s.trouble ? <span class="bad">{s.trouble}</span> : "well"}>
      <Facts
        rows={[
          ["Entries", number(s.entries)],
          ["Came again", number(s.duplicates)],
          ["Missing now", number(s.missing_messages)],
          ["Set aside at the door", number(s.quarantined)],
          ["Refused by the mirror", number(s.anomalies)],
          ["Came late", number(s.late)],
          ["Newest forecast", f ? `${f.id}: ${spread([f.wip.p05, f.wip.p50, f.wip.p95])} lots in ${f.ahead}` : "–"],
        ]}
      />
    </Panel>
  );
}

export function RecordPage({ part }: { part: string }) {
  const at: Part = Parts.some(([k]) => k === part) ? (part as Part) : "travel";
  return (
    <>
      <div class="row">
        <h1>Record</h1>
        <Tabs of={Parts} at={at} choose={(p) => go("record", p)} label="Record" />
      </div>
      {at === "travel" && <Travel />}
      {at === "trail" && <Trail />}
      {at === "provenance" && <Provenance />}
      {at === "entries" && <Entries />}
      {at === "quarantine" && <Quarantine />}
      {at === "doubts" && <DoubtsPart />}
      <LinesOfRecord />
    </>
  );
}
