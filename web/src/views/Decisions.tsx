import { useEffect, useState } from "preact/hooks";
import { may, me, tell } from "../api";
import { duration, number, percent, signed, time } from "../format";
import { cases as caseTurn, state } from "../live";
import { gainWords, GainRange } from "../parts/GainRange";
import { Empty, Facts, Panel, Pending, Tabs } from "../parts/Parts";
import { resultOf } from "../parts/scenario";
import { useAsk } from "../parts/use";
import { link, place, requery } from "../route";
import type { Case, CaseLine, Outcome, Recommendation, ScenarioLine, Stage } from "../types";

const Reasons = ["too-risky", "known-constraint", "wrong-facts", "wrong-model", "not-now", "better-idea", "side-effect", "worse-than-promised", "other"] as const;
const Tones: Partial<Record<Stage, string>> = { approved: "good", verified: "good", acknowledged: "good", rejected: "warn", expired: "", failed: "bad", undone: "warn" };

const Ended = new Set<Stage>(["rejected", "expired", "acknowledged", "failed", "verified", "undone"]);

type Line = CaseLine & { promised?: number; realised?: number; unit?: string; inside?: boolean };

export function StageChip({ of }: { of: Stage }) {
  return <span class={`chip ${Tones[of] ?? ""}`}>{of}</span>;
}

function Lines({ of, now }: { of: Line[]; now: number }) {
  return (
    <div class="stack">
      {of.map((c) => (
        <a key={c.id} class="case" href={link("decisions", c.id)}>
          <div class="row">
            <StageChip of={c.stage} />
            <span class="quiet">{c.kind}</span>
            <strong class="grow">{c.words}</strong>
          </div>
          <div class="row quiet">
            <span>{c.id}</span>
            <span>{c.approvals} of {c.persons} {c.persons === 1 ? "approval" : "approvals"}</span>
            {c.promised !== undefined && <span>promised {signed(c.promised, 2)} {c.unit}</span>}
            {c.realised !== undefined && <span class={c.inside === false ? "warn" : "good"}>came {signed(c.realised, 2)} {c.unit}</span>}
            <span class="grow" />
            {c.stage === "proposed" || c.stage === "edited" || c.stage === "approved" ? <span>{c.expires > now ? `for ${duration(c.expires - now)} more` : "expires now"}</span> : <span>since {time(c.since)}</span>}
          </div>
        </a>
      ))}
    </div>
  );
}

function Scatter({ of }: { of: Line[] }) {
  const pairs = of.filter((c) => c.promised !== undefined && c.realised !== undefined);
  const unit = pairs[0]?.unit ?? "";
  const same = pairs.filter((c) => c.unit === unit);
  if (same.length === 0) return <Empty>Nothing that was approved has been judged yet: a benefit is measured when its time is over.</Empty>;
  const all = same.flatMap((c) => [c.promised ?? 0, c.realised ?? 0, 0]);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const [w, h] = [340, 260];
  const x = (v: number): number => 40 + ((v - least) / (most - least || 1)) * (w - 60);
  const y = (v: number): number => h - 34 - ((v - least) / (most - least || 1)) * (h - 54);
  const held = same.filter((c) => c.inside).length;
  return (
    <>
      <svg class="map" viewBox={`0 0 ${w} ${h}`} style={{ maxWidth: "30rem" }} role="img" aria-label={`Realised against promised benefit of ${same.length} decisions, ${held} of them within their promised interval`}>
        <line x1={x(least)} y1={y(least)} x2={x(most)} y2={y(most)} stroke="var(--quiet)" stroke-dasharray="4 4" />
        <line x1={x(0)} y1={y(least)} x2={x(0)} y2={y(most)} stroke="var(--line)" />
        <line x1={x(least)} y1={y(0)} x2={x(most)} y2={y(0)} stroke="var(--line)" />
        {same.map((c) => (
          <a key={c.id} href={link("decisions", c.id)} aria-label={`${c.words}: promised ${number(c.promised, 2)}, came ${number(c.realised, 2)} ${unit}`}>
            <title>{`${c.words}\npromised ${number(c.promised, 2)}, came ${number(c.realised, 2)} ${unit}`}</title>
            {c.inside ? <circle cx={x(c.promised ?? 0)} cy={y(c.realised ?? 0)} r="5" fill="var(--curve)" /> : <rect x={x(c.promised ?? 0) - 5} y={y(c.realised ?? 0) - 5} width="10" height="10" fill="var(--curve-2)" />}
          </a>
        ))}
        <text class="quiet" x={w / 2} y={h - 4} text-anchor="middle">promised, {unit}</text>
        <text class="quiet" x="12" y={h / 2} text-anchor="middle" transform={`rotate(-90 12 ${h / 2})`}>came, {unit}</text>
      </svg>
      <div class="legend">
        <span><i class="dot" style={{ background: "var(--curve)", borderRadius: "50%" }} />within the promised interval: {held} of {same.length}</span>
        <span><i class="dot" style={{ background: "var(--curve-2)" }} />outside</span>
      </div>
    </>
  );
}

export function Decisions() {
  const part = place.value.query.get("part") === "history" ? "history" : "open";
  const open = useAsk<{ cases: Line[] }>("v1/recommendations?stage=open&limit=100", 30_000, caseTurn.value);
  const ended = useAsk<{ cases: Line[] }>(part === "history" ? "v1/recommendations?stage=ended&limit=200" : null, 60_000, caseTurn.value);
  const now = state.value?.now_ms ?? 0;
  return (
    <>
      <div class="row">
        <h1>Decisions</h1>
        <Tabs of={[["open", `Waiting${open.value ? ` (${open.value.cases.length})` : ""}`], ["history", "History"]] as const} at={part} choose={(p) => requery({ part: p })} label="Decisions" />
      </div>
      {part === "open" ? (
        <Panel title="What waits for a decision" note={state.value?.rule ? `dispatching by ${state.value.rule}` : ""}>
          {!open.value ? <Pending of={open} /> : open.value.cases.length === 0 ? <Empty>Nothing waits. The twin proposes something when it is sure enough that it helps.</Empty> : <Lines of={open.value.cases} now={now} />}
        </Panel>
      ) : (
        <>
          <div class="two">
            <Panel title="What became of them" note="the newest first">
              {!ended.value ? <Pending of={ended} /> : ended.value.cases.length === 0 ? <Empty>Nothing has been decided yet.</Empty> : <Lines of={ended.value.cases} now={now} />}
            </Panel>
          </div>
          <div class="third">
            <Panel title="Promised, and what came">{ended.value ? <Scatter of={ended.value.cases} /> : <Pending of={ended} />}</Panel>
          </div>
        </>
      )}
    </>
  );
}

// A bounded edit: another value, simulated at once, whose figures are taken when they please.
function Edit({ of, changed }: { of: Case; changed: (c: Case) => void }) {
  const r = of.content;
  const bound = r.edit;
  const [value, setValue] = useState(r.act.value ?? 0);
  const [trial, setTrial] = useState<ScenarioLine | null>(null);
  const [made, setMade] = useState<Recommendation | null>(null);
  const [wrong, setWrong] = useState("");
  const [took, setTook] = useState(0);
  useEffect(() => {
    if (!trial || trial.stage !== "waiting") return undefined;
    const begun = performance.now();
    const gone = new AbortController();
    resultOf<Recommendation>(trial.id, gone.signal)
      .then((got) => {
        if (got === null) return;
        setMade(got);
        setTook((performance.now() - begun) / 1000);
        setTrial({ ...trial, stage: "done" });
      })
      .catch((e: unknown) => {
        if (!gone.signal.aborted) setWrong(e instanceof Error ? e.message : String(e));
      });
    return () => gone.abort();
  }, [trial?.id]);
  if (!bound || r.act.value === undefined) return null;
  const simulate = async (): Promise<void> => {
    setWrong("");
    setMade(null);
    try {
      setTrial(await tell<ScenarioLine>(`v1/recommendations/${r.id}/trials`, { value }));
    } catch (e) {
      setWrong(e instanceof Error ? e.message : String(e));
    }
  };
  const take = async (): Promise<void> => {
    try {
      changed(await tell<Case>(`v1/recommendations/${r.id}/edit`, { seen: of.digest, trial: trial?.id }));
    } catch (e) {
      setWrong(e instanceof Error ? e.message : String(e));
    }
  };
  return (
    <Panel title="Another value" note={`from ${number(bound.least, 2)} to ${number(bound.most, 2)} ${r.act.unit ?? ""}`}>
      <form class="row" onSubmit={(e) => { e.preventDefault(); void simulate(); }}>
        <input type="range" class="grow" aria-label="Value" min={bound.least} max={bound.most} step={(bound.most - bound.least) / 100 || 1} value={value} onInput={(e) => setValue(Number((e.target as HTMLInputElement).value))} />
        <label>
          Value, {r.act.unit ?? "no unit"}
          <input type="number" required min={bound.least} max={bound.most} step="any" value={value} onInput={(e) => setValue(Number((e.target as HTMLInputElement).value))} />
        </label>
        <button type="submit" disabled={trial?.stage === "waiting" && !wrong}>{trial?.stage === "waiting" && !wrong ? "Simulating …" : "Simulate"}</button>
      </form>
      {wrong && <p class="bad" role="alert">{wrong}</p>}
      {made && (
        <div class="stack" role="status">
          <GainRange of={made.benefit.gain} unit={made.benefit.unit} scale={[r.benefit.gain.low, r.benefit.gain.high]} />
          <p>
            {gainWords(made.benefit.gain, made.benefit.unit)}; as proposed {gainWords(r.benefit.gain, r.benefit.unit)}. Simulated in {number(took, 1)} s.
          </p>
          <button type="button" class="main" onClick={() => void take()}>Take this value</button>
        </div>
      )}
    </Panel>
  );
}

function Act({ of, changed }: { of: Case; changed: (c: Case) => void }) {
  const r = of.content;
  const [reason, setReason] = useState<string>("not-now");
  const [remark, setRemark] = useState("");
  const [signature, setSignature] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const step = async (what: string, withReason = false): Promise<void> => {
    setBusy(true);
    setWrong("");
    try {
      changed(
        await tell<Case>(`v1/recommendations/${r.id}/${what}`, {
          seen: of.digest,
          ...(withReason ? { reason } : {}),
          ...(remark.trim() ? { remark: remark.trim() } : {}),
          ...(what === "approve" && signature.trim() ? { signature: signature.trim() } : {}),
        }),
      );
      setRemark("");
      setSignature("");
    } catch (e) {
      setWrong(e instanceof Error ? e.message : String(e));
    } finally {
      setBusy(false);
      caseTurn.value++;
    }
  };
  const open = of.stage === "proposed" || of.stage === "edited";
  const mine = of.approvals.some((a) => a.person === me.value?.account);
  const own = r.proposer === me.value?.account || of.editors.includes(me.value?.account ?? "");
  const signs = r.level >= 5 && r.command !== undefined;
  const steps: [Stage[], string, string][] = [
    [["approved"], "send", "I am doing it"],
    [["sent"], "acknowledge", "It is done"],
    [["sent"], "fail", "It could not be done"],
    [["acknowledged"], "verify", "It is so: I have read it back"],
    [["acknowledged", "verified"], "undo", "It was taken back"],
  ];
  const left = r.persons - of.approvals.length;
  return (
    <Panel title="Decide" note={`${of.approvals.length} of ${r.persons} approvals; role: ${r.role}; level ${r.level}`}>
      {r.persons > 1 && open && <p class="note">This takes two persons. Whoever proposed or edited it is not one of them.</p>}
      {of.approvals.map((a) => (
        <p key={a.person}>Approved by {a.person} ({a.capacity}), {time(a.at)}{a.signature ? ", signed" : ""}.</p>
      ))}
      {(open || of.stage === "approved") && (may("approve") || may("reject")) && (
        <div class="stack">
          <label>
            Remark, for the record
            <textarea value={remark} onInput={(e) => setRemark((e.target as HTMLTextAreaElement).value)} />
          </label>
          {open && signs && may("approve") && (
            <>
              <p class="note">The twin would send this itself. Your key stays on your machine; there you say:</p>
              <pre>{`fabtwin decide ${r.id} approve --sign YOUR.key`}</pre>
              <label>
                or paste the line that <code>fabtwin-guard-key approve</code> prints
                <input value={signature} onInput={(e) => setSignature((e.target as HTMLInputElement).value)} />
              </label>
              <details><summary>The guard’s text</summary><pre>{r.command}</pre></details>
            </>
          )}
          <div class="row">
            {open && may("approve") && (
              <button type="button" class="main" disabled={busy || mine || own} onClick={() => void step("approve")}>
                {mine ? "You have approved it" : own ? "Somebody else approves it" : left > 1 ? "Approve (one more is needed)" : "Approve"}
              </button>
            )}
            {may("reject") && (
              <>
                <label>
                  Reason
                  <select value={reason} onChange={(e) => setReason((e.target as HTMLSelectElement).value)}>
                    {Reasons.map((x) => (
                      <option key={x}>{x}</option>
                    ))}
                  </select>
                </label>
                <button type="button" class="danger" disabled={busy} onClick={() => void step("reject", true)}>Reject</button>
              </>
            )}
          </div>
        </div>
      )}
      {may("carry-out") && (
        <div class="row">
          {steps
            .filter(([at]) => at.includes(of.stage))
            .map(([, what, name]) => (
              <button type="button" key={what} class={what === "fail" || what === "undo" ? "danger" : "main"} disabled={busy} onClick={() => void step(what)}>{name}</button>
            ))}
        </div>
      )}
      {wrong && <p class="bad" role="alert">{wrong}</p>}
      {!may("approve") && !may("reject") && !may("carry-out") && <p class="quiet">Your role reads; it does not decide.</p>}
    </Panel>
  );
}

function Why({ r }: { r: Recommendation }) {
  const most = Math.max(1e-9, ...r.why.factors.map((f) => Math.abs(f.weight)));
  return (
    <Panel title="Why">
      <p><strong>{r.why.binding}</strong></p>
      <p class="quiet">{r.why.rule}</p>
      {r.why.factors.length > 0 && (
        <table class="plain">
          <thead><tr><th>What counts</th><th class="right">Value</th><th>Weight</th></tr></thead>
          <tbody>
            {[...r.why.factors].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).map((f) => (
              <tr key={f.name}>
                <td>{f.name}</td>
                <td class="right">{number(f.value, 2)} {f.unit}</td>
                <td><div class="meter" title={number(f.weight, 2)}><i style={{ width: `${(100 * Math.abs(f.weight)) / most}%`, background: "var(--curve)" }} /></div></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h3>It would be otherwise, if</h3>
      <ul>
        {r.why.flips.map((f) => (
          <li key={f.change}>{f.change}: {f.flips ? <strong>{f.instead || "it would not be proposed"}</strong> : <span class="quiet">it would still be proposed</span>}</li>
        ))}
      </ul>
    </Panel>
  );
}

// A step whose answer came before the next look is shown at once.

export function CasePage({ id }: { id: string }) {
  const path = `v1/recommendations/${encodeURIComponent(id)}`;
  const asked = useAsk<Case>(path, 15_000, caseTurn.value);
  const came = useAsk<Outcome>(asked.value && Ended.has(asked.value.stage) ? `${path}/outcome` : null, 60_000, caseTurn.value);
  const [given, setGiven] = useState<Case | null>(null);
  const c = asked.value ? (given && given.entries > asked.value.entries ? given : asked.value) : null;
  const outcome = came.value;
  if (!c) return <><h1>Decision {id}</h1><Pending of={asked} missing={`There is no recommendation ${id}, or it was forgotten.`} /></>;
  const r = c.content;
  const now = state.value?.now_ms ?? 0;
  return (
    <>
      <div class="row">
        <a href={link("decisions")}>All decisions</a>
        <StageChip of={c.stage} />
        <span class="quiet">since {time(c.since)}</span>
      </div>
      <h1>{r.act.words}</h1>
      <div class="half stack">
        <Panel title="What it brings" note={`${r.benefit.objective}, within ${duration(r.benefit.horizon_ms)}`}>
          <GainRange of={r.benefit.gain} {...(outcome ? { came: outcome.realised } : {})} unit={r.benefit.unit} />
          <Facts
            rows={[
              ["Expected gain", gainWords(r.benefit.gain, r.benefit.unit)],
              ["Best of what was compared", `${percent(r.benefit.probability_best)} of ${number(r.benefit.compared)}, ${number(r.benefit.runs)} runs`],
              ["Worse than nothing", percent(r.downside.probability_worse)],
              [`The worst ${percent(1 - r.downside.level)}, on average`, r.downside.cvar <= 0 ? `still a gain of ${number(-r.downside.cvar, 2)} ${r.benefit.unit}` : `a loss of ${number(r.downside.cvar, 2)} ${r.benefit.unit}`],
            ]}
          />
          {outcome && (
            <p class={outcome.inside ? "good" : "warn"}>
              {outcome.became === "carried-out" ? "Measured" : "It would have brought"}: {gainWords(outcome.realised, outcome.unit)}, {outcome.inside ? "within what was promised" : "outside what was promised"}. <span class="quiet">{outcome.method}</span>
            </p>
          )}
        </Panel>
        <Act of={c} changed={(next) => { setGiven(next); asked.again(); }} />
        {(c.stage === "proposed" || c.stage === "edited") && may("edit") && <Edit key={c.digest} of={c} changed={(next) => { setGiven(next); asked.again(); }} />}
      </div>
      <div class="half stack">
        <Why r={r} />
        <Panel title="What else was simulated">
          {r.what_if.length === 0 ? <Empty>Nothing else was possible.</Empty> : (
            <table class="plain">
              <thead><tr><th>Instead</th><th class="right">Gain, {r.benefit.unit}</th></tr></thead>
              <tbody>
                {r.what_if.map((a) => (
                  <tr key={a.words}><td>{a.words}</td><td class="right">{signed(a.gain.mean, 2)} [{signed(a.gain.low, 2)}, {signed(a.gain.high, 2)}]</td></tr>
                ))}
              </tbody>
            </table>
          )}
        </Panel>
        <Panel title="What it rests on">
          <Facts
            rows={[
              ["Proposed", `${time(r.made)} by ${r.proposer}`],
              ["Good until", `${time(r.expires)}${r.expires > now ? ` (${duration(r.expires - now)} more)` : ""}`],
              ["The fab as of", time(r.assumed.state_at)],
              ["Data gaps", r.assumed.gaps.length === 0 ? "none" : r.assumed.gaps.map((g) => `${g.of} since ${time(g.from)}`).join("; ")],
              ["Model", <span class="mono">{r.assumed.model}</span>],
              ["Seed", <span class="mono">{r.assumed.seed}</span>],
              ["Text", <span class="mono">{c.digest}</span>],
            ]}
          />
        </Panel>
        <Panel title="Taking it back" note={r.undo.reversal}>
          <p>{r.undo.how}</p>
          {r.undo.cannot && <p class="quiet">What cannot be undone: {r.undo.cannot}</p>}
        </Panel>
        <Panel title="Similar cases">
          {r.past.length === 0 ? <Empty>None yet.</Empty> : (
            <table class="plain">
              <thead><tr><th>Case</th><th>Became</th><th class="right">Promised</th><th class="right">Came</th></tr></thead>
              <tbody>
                {r.past.map((p) => (
                  <tr key={p.id}><td><a href={link("decisions", p.id)}>{p.id}</a></td><td>{p.outcome}</td><td class="right">{signed(p.promised, 2)}</td><td class="right">{signed(p.realised, 2)}</td></tr>
                ))}
              </tbody>
            </table>
          )}
        </Panel>
      </div>
    </>
  );
}
