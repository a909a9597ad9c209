import { useEffect, useState } from "preact/hooks";
import { may, Refused, tell } from "../api";
import { Day, Hour, number, percent, signed, time } from "../format";
import { plan, state } from "../live";
import { Chart } from "../parts/Chart";
import { Empty, Panel, Pending } from "../parts/Parts";
import { resultOf } from "../parts/scenario";
import { useAsk } from "../parts/use";
import { go, link, place } from "../route";
import type { Change, Changed, ChangeKind, Course, ScenarioLine, WhatIfResult } from "../types";

const Kinds: readonly (readonly [ChangeKind, string])[] = [
  ["tool-down", "A tool goes down"],
  ["mix", "Another product mix"],
  ["hot-lot", "A hot lot"],
  ["maintenance-moved", "A maintenance is moved"],
  ["tool-bought", "Tools are bought"],
  ["policy", "Another dispatching rule"],
];

export function changeWords(c: Change): string {
  switch (c.kind) {
    case "tool-down":
      return `${c.tool} down from ${time(c.from)} to ${time(c.to)}`;
    case "mix":
      return `${number(c.starts_per_day, 1)} lots of ${c.product} a day`;
    case "hot-lot":
      return `${c.lot} is a hot lot`;
    case "maintenance-moved":
      return `maintenance of ${c.tool} from ${time(c.from)} to ${time(c.to)}`;
    case "tool-bought":
      return `${number(c.count)} ${c.count === 1 ? "tool" : "tools"} more in ${c.group} from ${time(c.from)} on`;
    case "policy":
      return `dispatching by ${c.policy}`;
  }
}

// A moment of the site's time as a field: in UTC, for all who look at the same link.
const fieldOf = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
const momentOf = (text: string): number => Date.parse(`${text}Z`);

function Names({ id, of }: { id: string; of: string[] }) {
  return (
    <datalist id={id}>
      {of.map((n) => (
        <option key={n} value={n} />
      ))}
    </datalist>
  );
}

function OneChange({ add, now }: { add: (c: Change) => void; now: number }) {
  const query = place.value.query;
  const [kind, setKind] = useState<ChangeKind>((query.get("kind") as ChangeKind | null) ?? "tool-down");
  const [tool, setTool] = useState(query.get("tool") ?? "");
  const [group, setGroup] = useState(query.get("group") ?? "");
  const [lot, setLot] = useState(query.get("lot") ?? "");
  const [product, setProduct] = useState("");
  const [starts, setStarts] = useState(10);
  const [count, setCount] = useState(1);
  const [policy, setPolicy] = useState("");
  const [from, setFrom] = useState(fieldOf(now));
  const [to, setTo] = useState(fieldOf(now + 2 * Day));
  const p = plan.value;
  const made = (): Change => {
    switch (kind) {
      case "tool-down":
      case "maintenance-moved":
        return { kind, tool, from: momentOf(from), to: momentOf(to) };
      case "mix":
        return { kind, product, starts_per_day: starts };
      case "hot-lot":
        return { kind, lot };
      case "tool-bought":
        return { kind, group, count, from: momentOf(from) };
      case "policy":
        return { kind, policy };
    }
  };
  const text = (set: (v: string) => void) => (e: Event) => set((e.target as HTMLInputElement).value);
  const needsTool = kind === "tool-down" || kind === "maintenance-moved";
  return (
    <form class="stack" onSubmit={(e) => { e.preventDefault(); add(made()); }}>
      <div class="row">
        <label>
          What
          <select value={kind} onChange={(e) => setKind((e.target as HTMLSelectElement).value as ChangeKind)}>
            {Kinds.map(([k, name]) => (
              <option key={k} value={k}>{name}</option>
            ))}
          </select>
        </label>
        {needsTool && <label>Tool<input required list="tools-known" value={tool} onInput={text(setTool)} /></label>}
        {kind === "hot-lot" && <label>Lot<input required value={lot} onInput={text(setLot)} /></label>}
        {kind === "tool-bought" && <label>Tool group<input required list="groups-known" value={group} onInput={text(setGroup)} /></label>}
        {kind === "tool-bought" && <label>How many<input type="number" required min={1} max={100} value={count} onInput={(e) => setCount(Number((e.target as HTMLInputElement).value))} /></label>}
        {kind === "mix" && (
          <label>
            Product
            <select required value={product} onChange={(e) => { const name = (e.target as HTMLSelectElement).value; setProduct(name); setStarts(p?.products.find((x) => x.name === name)?.starts_per_day ?? starts); }}>
              <option value="">which one?</option>
              {(p?.products ?? []).map((x) => <option key={x.name} value={x.name}>{x.name} (now {number(x.starts_per_day, 1)} a day)</option>)}
            </select>
          </label>
        )}
        {kind === "mix" && <label>Lots started a day<input type="number" required min={0} step="any" value={starts} onInput={(e) => setStarts(Number((e.target as HTMLInputElement).value))} /></label>}
        {kind === "policy" && <label>Rule<input required list="rules-known" value={policy} onInput={text(setPolicy)} /></label>}
        {(needsTool || kind === "tool-bought") && <label>{kind === "maintenance-moved" ? "Planned at (UTC)" : "From (UTC)"}<input type="datetime-local" required value={from} onInput={text(setFrom)} /></label>}
        {needsTool && <label>{kind === "maintenance-moved" ? "Moved to (UTC)" : "Until (UTC)"}<input type="datetime-local" required value={to} onInput={text(setTo)} /></label>}
        <button type="submit">Add</button>
      </div>
      <Names id="tools-known" of={(p?.groups ?? []).flatMap((g) => g.tools)} />
      <Names id="groups-known" of={(p?.groups ?? []).map((g) => g.name)} />
      <Names id="rules-known" of={p?.rules ?? []} />
    </form>
  );
}

function Ask() {
  const now = state.value?.now_ms ?? 0;
  const [changes, setChanges] = useState<Change[]>([]);
  const [words, setWords] = useState("");
  const [days, setDays] = useState(3);
  const [runs, setRuns] = useState(20);
  const [wrong, setWrong] = useState("");
  if (!may("what-if")) return <Empty>Your role does not ask what-if; what others have asked is below.</Empty>;
  if (now === 0) return <Empty>Asking the twin …</Empty>;
  const send = async (): Promise<void> => {
    try {
      const line = await tell<ScenarioLine>("v1/scenarios", { words: words.trim() || changes.map(changeWords).join("; ").slice(0, 300), horizon_h: days * 24, runs, changes });
      go("what-if", line.id);
    } catch (e) {
      setWrong(e instanceof Error ? e.message : String(e));
    }
  };
  return (
    <div class="stack">
      <OneChange now={now} add={(c) => setChanges([...changes, c])} />
      {changes.length > 0 && (
        <ul>
          {changes.map((c, k) => (
            <li key={k}>
              {changeWords(c)} <button type="button" class="plain" onClick={() => setChanges(changes.filter((_, i) => i !== k))}>leave out</button>
            </li>
          ))}
        </ul>
      )}
      <form class="row" onSubmit={(e) => { e.preventDefault(); void send(); }}>
        <label class="grow">In words, for those who find it later<input maxLength={300} placeholder={changes.map(changeWords).join("; ")} value={words} onInput={(e) => setWords((e.target as HTMLInputElement).value)} /></label>
        <label>Days ahead<input type="number" min={0.1} max={80} step="any" value={days} onInput={(e) => setDays(Number((e.target as HTMLInputElement).value))} /></label>
        <label>Pairs of runs<input type="number" min={2} max={1000} value={runs} onInput={(e) => setRuns(Number((e.target as HTMLInputElement).value))} /></label>
        <button class="main" type="submit" disabled={changes.length === 0}>Simulate</button>
      </form>
      {changes.length === 0 && <p class="note">Add one change at least; several happen all at once.</p>}
      {wrong && <p class="bad" role="alert">{wrong}</p>}
    </div>
  );
}

const Rows: readonly (readonly [keyof WhatIfResult, string, string, number, boolean])[] = [
  ["tardiness_h", "Mean tardiness", "h", 2, true],
  ["hot_tardiness_h", "Hot lots’ tardiness", "h", 2, true],
  ["cycle_time_h", "Cycle time", "h", 1, true],
  ["lots_out", "Lots out", "lots", 1, false],
  ["wip", "WIP at the end", "lots", 1, true],
  ["queue_time_violations", "Queue-time limits broken", "", 2, true],
];

function ChangedRow({ name, unit, of, digits, lessIsBetter }: { name: string; unit: string; of: Changed; digits: number; lessIsBetter: boolean }) {
  const sure = of.half_width !== null && Math.abs(of.change) > of.half_width;
  const better = of.change < 0 === lessIsBetter;
  return (
    <tr>
      <td>{name}{unit ? `, ${unit}` : ""}</td>
      <td class="right">{number(of.as_it_is, digits)}</td>
      <td class="right">{number(of.otherwise, digits)}</td>
      <td class="right">{signed(of.change, digits)}{of.half_width !== null ? ` ± ${number(of.half_width, digits)}` : ""}</td>
      <td>{sure ? <span class={better ? "good" : "bad"}>{better ? "▼ better" : "▲ worse"}</span> : <span class="quiet">not told apart</span>}</td>
    </tr>
  );
}

function Futures({ hours, of, unit, name, from }: { hours: number[]; of: Course; unit: string; name: string; from: number }) {
  const times = hours.map((h) => from + h * Hour);
  return (
    <>
      <h3>{name}: two futures</h3>
      <Chart times={times} lines={[{ label: "as it is", values: of.as_it_is, stroke: "--curve", digits: 1 }, { label: "otherwise", values: of.otherwise, stroke: "--curve-2", dash: [6, 3], digits: 1 }]} unit={unit} label={`${name}, as it is and otherwise`} height={190} />
      <h3>{name}: the difference, with its 95 % interval</h3>
      <Chart times={times} lines={[{ label: "otherwise less as it is", values: of.difference, stroke: "--curve-2", digits: 2 }, { label: "from", values: of.low, stroke: "", digits: 2 }, { label: "to", values: of.high, stroke: "", digits: 2 }, { label: "0", values: of.difference.map(() => 0), stroke: "--quiet", dash: [3, 3], told: false }]} bands={[{ low: 1, high: 2, fill: "--band-3" }]} unit={unit} label={`Difference of ${name}`} height={150} />
    </>
  );
}

function Result({ id }: { id: string }) {
  const [line, setLine] = useState<ScenarioLine | null>(null);
  const [r, setResult] = useState<WhatIfResult | null>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    const gone = new AbortController();
    resultOf<WhatIfResult>(id, gone.signal, setLine)
      .then((got) => got !== null && setResult(got))
      .catch((e: unknown) => {
        // Of what failed the line itself says why.
        if (!gone.signal.aborted) setWrong(e instanceof Refused ? e.message : "");
      });
    return () => gone.abort();
  }, [id]);
  if (wrong) return <Empty>{wrong}. Scenarios are kept until the twin starts again.</Empty>;
  if (!line) return <Empty>Asking the twin …</Empty>;
  if (line.stage === "waiting") return <p role="status"><progress aria-label="Simulating" /> Simulating “{line.words}” …</p>;
  if (line.stage === "failed") return <p class="bad" role="alert">It could not be simulated: {line.why}</p>;
  if (!r || !r.changes) return <Empty>It was a trial of a recommendation’s value: see the decision.</Empty>;
  return (
    <>
      <Panel title={r.words} note={`the fab as of ${time(r.state_at_ms)}; ${number(r.horizon_h / 24, 1)} days ahead; ${r.pairs} pairs of runs with the same luck; asked by ${line.by}`}>
        <ul>{r.changes.map((c) => <li key={c}>{c}</li>)}</ul>
        <div class="scroll">
          <table class="plain">
            <thead><tr><th /><th class="right">As it is</th><th class="right">Otherwise</th><th class="right">Change</th><th /></tr></thead>
            <tbody>
              {Rows.map(([key, name, unit, digits, less]) => {
                const of = r[key] as Changed;
                return <ChangedRow key={key} name={name} unit={unit} of={of} digits={digits} lessIsBetter={less} />;
              })}
            </tbody>
          </table>
        </div>
        <p class="note">±: {percent(r.tardiness_h.confidence)} of paired differences. Tardiness and cycle time: of the lots that left, and the outlook of those inside.</p>
        <div class="row">
          <button type="button" onClick={() => void navigator.clipboard?.writeText(location.href)}>Copy the link</button>
          <a href={link("what-if")}>Ask another one</a>
        </div>
      </Panel>
      {r.course && (
        <Panel title="Hour by hour">
          <Futures hours={r.course.hours} of={r.course.wip} unit="lots" name="Lots in the fab" from={r.state_at_ms} />
          <Futures hours={r.course.hours} of={r.course.out} unit="lots" name="Lots out since then" from={r.state_at_ms} />
        </Panel>
      )}
      {r.queues.length > 0 && (
        <Panel title="Lots that wait, at the end">
          <table class="plain">
            <thead><tr><th>Tool group</th><th class="right">As it is</th><th class="right">Otherwise</th><th class="right">Change</th><th /></tr></thead>
            <tbody>{r.queues.map((q) => <ChangedRow key={q.group} name={q.group} unit="" of={q} digits={1} lessIsBetter />)}</tbody>
          </table>
        </Panel>
      )}
    </>
  );
}

export function WhatIf({ id }: { id: string }) {
  const asked = useAsk<{ scenarios: ScenarioLine[] }>("v1/scenarios", 10_000, id);
  return (
    <>
      <h1>What if</h1>
      {id ? <Result key={id} id={id} /> : <Panel title="What would be otherwise" note="simulated, never carried out"><Ask /></Panel>}
      <Panel title="What was asked" note="kept until the twin starts again">
        {!asked.value ? <Pending of={asked} /> : asked.value.scenarios.filter((s) => s.kind === "what-if").length === 0 ? <Empty>Nothing yet.</Empty> : (
          <table class="plain">
            <thead><tr><th>Question</th><th>Asked by</th><th>When</th><th>State</th></tr></thead>
            <tbody>
              {asked.value.scenarios.filter((s) => s.kind === "what-if").map((s) => (
                <tr key={s.id} aria-current={s.id === id ? "true" : undefined}>
                  <td><a href={link("what-if", s.id)}>{s.words}</a></td>
                  <td>{s.by}</td>
                  <td>{time(s.at)}</td>
                  <td>{s.stage === "failed" ? <span class="bad">failed: {s.why}</span> : s.stage}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </>
  );
}
