import { duration, Hour, number, percent, time } from "../format";
import { Doubts, Happenings } from "../parts/Happenings";
import { Facts, Panel, Pending, Empty } from "../parts/Parts";
import { useAsk } from "../parts/use";
import { link } from "../route";
import type { LotPage } from "../types";

// When it is done: the quantiles as a line from the earliest to the latest, the due date beside it.
function Done({ lot }: { lot: LotPage }) {
  const f = lot.forecast;
  if (!f) return <Empty>No forecast holds this lot yet.</Empty>;
  const q = f.done_quantiles ?? [f.done_hours.p05, f.done_hours.p50, f.done_hours.p95];
  const levels = f.levels ?? [0.05, 0.5, 0.95];
  const known = q.filter((v): v is number => v !== null);
  const due = lot.due_ms !== undefined ? (lot.due_ms - f.made_ms) / Hour : null;
  const all = [0, ...known, ...(due !== null ? [due] : [])];
  const [least, most] = [Math.min(...all), Math.max(...all, 1)];
  const w = 700;
  const x = (h: number): number => 10 + ((h - least) / (most - least || 1)) * (w - 20);
  const at = (p: number): number | null => {
    const k = levels.findIndex((l) => Math.abs(l - p) < 1e-6);
    return k < 0 ? null : (q[k] ?? null);
  };
  const [a, b, c] = [at(0.05), at(0.5), at(0.95)];
  const day = (h: number | null): string => (h === null ? "beyond the horizon" : time(f.made_ms + h * Hour));
  return (
    <>
      <svg class="range" style={{ height: "4.2rem" }} viewBox={`0 0 ${w} 62`} preserveAspectRatio="none" role="img" aria-label={`Done: median ${day(b)}, 90 % from ${day(a)} to ${day(c)}`}>
        <line class="axis" x1="10" x2={w - 10} y1="34" y2="34" />
        {a !== null && <rect class="span" x={x(a)} y="24" width={Math.max(2, x(c ?? most) - x(a))} height="20" />}
        {b !== null && <rect class="mean" x={x(b) - 1.5} y="20" width="3" height="28" />}
        {due !== null && <rect class="came" x={x(due) - 1.5} y="14" width="3" height="40" />}
      </svg>
      <div class="legend">
        <span><i class="dot" style={{ background: "var(--band)" }} />90 %</span>
        <span><i class="dot" style={{ background: "var(--curve)" }} />median</span>
        <span><i class="dot" style={{ background: "var(--curve-2)" }} />due</span>
      </div>
      <Facts
        rows={[
          ["Done, median", day(b)],
          ["90 %", a === null ? "beyond the horizon" : `${day(a)} to ${day(c)}`],
          ["On time", percent(f.on_time)],
          ["Within the horizon", percent(f.within_horizon)],
          ["Next start at a bottleneck", f.bottleneck_hours.p50 === null ? "beyond the horizon" : `in ${duration(f.bottleneck_hours.p50 * Hour)}`],
          ["Forecast made", time(f.made_ms)],
        ]}
      />
    </>
  );
}

function Route({ lot }: { lot: LotPage }) {
  const r = lot.route;
  if (!r) return <Empty>It is not in the fab.</Empty>;
  const left = r.steps.length - r.at;
  return (
    <>
      <p>
        Step {number(r.at + 1)} of {number(r.steps.length)}: {r.steps[r.at]?.name} at {r.steps[r.at]?.group}. {number(left - 1)} to come.
      </p>
      <progress max={r.steps.length} value={r.at} aria-label="Steps done" />
      <details>
        <summary>All steps</summary>
        <div class="scroll" style={{ maxHeight: "22rem", overflowY: "auto" }}>
          <table class="plain">
            <thead>
              <tr><th class="right">#</th><th>Step</th><th>Tool group</th><th>State</th></tr>
            </thead>
            <tbody>
              {r.steps.map((s, k) => (
                <tr key={k} aria-current={k === r.at ? "step" : undefined}>
                  <td class="right">{k + 1}</td>
                  <td>{s.name}</td>
                  <td><a href={link("groups", s.group)}>{s.group}</a></td>
                  <td>{k < r.at ? "done" : k === r.at ? <strong>now</strong> : "to come"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}

export function LotView({ name }: { name: string }) {
  const asked = useAsk<LotPage>(`v1/lots/${encodeURIComponent(name)}`, 10_000);
  const lot = asked.value;
  if (!lot) return <><h1>Lot {name}</h1><Pending of={asked} missing={`Nobody has told the twin of a lot ${name}.`} /></>;
  return (
    <>
      <h1>Lot {lot.name}</h1>
      <Doubts of={lot.doubts} />
      <div class="half stack">
        <Panel title="Where it is" note={time(lot.now_ms)}>
          <Facts
            rows={[
              ["Place", lot.place],
              ["For", lot.since_ms !== undefined ? duration(lot.now_ms - lot.since_ms) : "–"],
              ["Tool", lot.tool ? <a href={link("tools", lot.tool)}>{lot.tool}</a> : "–"],
              ["Product", lot.product ?? "–"],
              ["Wafers", number(lot.wafers)],
              ["Priority", number(lot.priority)],
              ["Released", time(lot.release_ms)],
              ["Due", <span class={lot.due_ms !== undefined && lot.due_ms < lot.now_ms ? "bad" : ""}>{time(lot.due_ms)}</span>],
            ]}
          />
          <p class="note"><a href={link("what-if", "", { kind: "hot-lot", lot: lot.name })}>What if it were a hot lot?</a></p>
        </Panel>
        <Panel title="Route"><Route lot={lot} /></Panel>
      </div>
      <div class="half stack">
        <Panel title="When it is done"><Done lot={lot} /></Panel>
        <Panel title="Queue-time limits" note="that it is under now">
          {lot.windows && lot.windows.length > 0 ? (
            <table class="plain">
              <thead><tr><th>From</th><th>Until</th><th>Limit</th><th class="right">Too late</th></tr></thead>
              <tbody>
                {lot.windows.map((w, k) => (
                  <tr key={k}>
                    <td>{w.opened}</td>
                    <td>{w.closes}</td>
                    <td>{time(w.limit_ms)}</td>
                    <td class={w.violated > 0.2 ? "right bad" : "right"}>{percent(w.violated)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : (
            <Empty>None.</Empty>
          )}
        </Panel>
      </div>
      <Panel title="What the record says of it" note="the newest first">
        <Happenings of={lot.events} without="lot" />
      </Panel>
    </>
  );
}
