// From a number down to the messages that it rests on, step by step: the forecast, the run that made it, what was believed, the record that
// this is the fold of, and its entries as they came.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask } from "../api";
import { exactTime, number } from "../format";
import { state } from "../live";
import { Empty, Facts, Panel, Pending } from "../parts/Parts";
import { useAsk } from "../parts/use";
import { link, place, requery } from "../route";
import type { EntryPage } from "../types";

type Worth = string | { $: string };
type Things = Record<string, Record<string, Worth>>;
interface ProvDocument { // PROV-JSON (W3C submission, 2013)
  activity?: Things;
  entity?: Things;
  agent?: Things;
  used?: Record<string, Record<string, Worth>>;
}

const said = (v: Worth | undefined): string => (v === undefined ? "–" : typeof v === "string" ? v : v.$);

// All things of a kind: "Belief" of "fabtwin:Belief".
function ofKind(d: ProvDocument, kind: string): Record<string, Worth>[] {
  return Object.values({ ...d.entity, ...d.activity, ...d.agent }).filter((t) => said(t["prov:type"]).endsWith(`:${kind}`));
}

const Shown = 8;

// The newest entries of a range of the record.
function Newest({ first, end }: { first: number; end: number }) {
  const [rows, setRows] = useState<EntryPage[] | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    const wanted = Array.from({ length: Math.min(Shown, end - first) }, (_, k) => end - 1 - k);
    void Promise.all(wanted.map((n) => ask<EntryPage>(`v1/entries/${n}`, { signal: gone.signal }).catch(() => null))).then((all) => {
      if (!gone.signal.aborted) setRows(all.filter((e) => e !== null));
    });
    return () => gone.abort();
  }, [first, end]);
  if (rows === null) return <p class="quiet">Asking the twin …</p>;
  if (rows.length === 0) return <Empty>The record has given these entries up.</Empty>;
  return (
    <div class="scroll">
      <table class="plain">
        <thead><tr><th class="right">Entry</th><th>When</th><th>Source</th><th>Kind</th><th class="right">Bytes</th><th>SHA-256 of the bytes</th></tr></thead>
        <tbody>
          {rows.map((e) => (
            <tr key={e.entry}>
              <td class="right"><a href={link("record", "entries", { entry: String(e.entry) })}>{number(e.entry)}</a></td>
              <td>{exactTime(e.at_ms)}</td>
              <td>{e.source ?? "the twin"}</td>
              <td>{e.kind}</td>
              <td class="right">{e.raw ? number(e.raw.bytes) : "–"}</td>
              <td class="mono">{e.raw ? `${e.raw.sha256.slice(0, 16)}…` : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Step({ title, children }: { title: string; children: ComponentChildren }) {
  return <li><h3>{title}</h3>{children}</li>;
}

const mono = (v: Worth | undefined) => <span class="mono">{said(v)}</span>;

function Chain({ id, d }: { id: string; d: ProvDocument }) {
  const run = Object.values(d.activity ?? {})[0] ?? {};
  const begun = Date.parse(said(run["prov:startTime"]));
  const range = ofKind(d, "JournalRange")[0];
  const [first, end] = [Number(said(range?.["fabtwin:entry_first"])), Number(said(range?.["fabtwin:entry_end"]))];
  const raw = ofKind(d, "RawMessage");
  return (
    <ol class="chain">
      <Step title="The forecast">
        <Facts rows={[["Its name", <a href={link("forecast")}>{id}</a>], ["Of", exactTime(begun)]]} />
      </Step>
      <Step title="was reckoned by">
        <Facts
          rows={[
            ["Program", Object.values(d.agent ?? {}).map((a) => said(a["fabtwin:name"])).join(", ") || "–"],
            ["Model", ofKind(d, "Model").map((m) => `${said(m["fabtwin:name"])} ${said(m["fabtwin:version"])}`).join(", ") || "–"],
            ["Seed", mono(run["fabtwin:seed"])],
            ["With", mono(run["fabtwin:work_budget"])],
          ]}
        />
      </Step>
      <Step title="from what was believed">
        <Facts
          rows={[
            ["The fab’s state", <a class="mono" href={link("record", "travel", { at: String(begun) })}>{ofKind(d, "Belief").map((b) => said(b["fabtwin:hash"])).join(", ") || "–"}</a>],
            ["What had been learnt", mono(ofKind(d, "Posterior")[0]?.["fabtwin:name"])],
            ["The site’s settings", mono(ofKind(d, "Configuration")[0]?.["fabtwin:hash"])],
          ]}
        />
      </Step>
      {range && (
        <Step title="which is the fold of the record">
          <Facts rows={[["Entries", `${number(first)} to ${number(end - 1)}`], ["Head of its chain of hashes", mono(range["fabtwin:chain_head"])]]} />
        </Step>
      )}
      {range && (
        <Step title={`whose entries stand as they came; the newest ${number(Math.min(Shown, end - first))}`}>
          <Newest first={first} end={end} />
          {raw.length > 0 && <p class="note">{number(raw.length)} of them are named in the document.</p>}
        </Step>
      )}
    </ol>
  );
}

export function Provenance() {
  const ids = useAsk<{ forecasts: string[] }>("v1/provenance", 30_000, state.value?.forecast?.id);
  const id = place.value.query.get("forecast") ?? ids.value?.forecasts.at(-1) ?? "";
  const asked = useAsk<ProvDocument>(id ? `v1/provenance/${encodeURIComponent(id)}` : null);
  if (!ids.value) return <Pending of={ids} />;
  if (ids.value.forecasts.length === 0) return <Empty>No forecast has been made yet.</Empty>;
  const d = asked.value;
  return (
    <Panel title="From a number down to the messages that it rests on" note="a W3C PROV document is kept for each forecast">
      <label>
        Forecast
        <select value={id} onChange={(e) => requery({ forecast: (e.target as HTMLSelectElement).value })}>
          {ids.value.forecasts.slice().reverse().map((x) => <option key={x}>{x}</option>)}
        </select>
      </label>
      {!d ? <Pending of={asked} missing="The twin keeps no document of this forecast any more." /> : (
        <>
          <Chain id={id} d={d} />
          <details><summary>The document (PROV-JSON)</summary><pre>{JSON.stringify(d, null, 1)}</pre></details>
        </>
      )}
    </Panel>
  );
}
