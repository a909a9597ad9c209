import { useRef, useState } from "preact/hooks";
import { duration, Hour, number, percent, time } from "../format";
import { Chart } from "../parts/Chart";
import { bridged } from "../parts/Fan";
import { Doubts, Happenings } from "../parts/Happenings";
import { Empty, Facts, Panel, Pending, Tabs } from "../parts/Parts";
import { Gantt } from "../parts/Gantt";
import { ModeWords } from "../parts/modes";
import { pixelTimes, seriesPath } from "../parts/series";
import { useAsk } from "../parts/use";
import { link } from "../route";
import type { Jobs, Mode, Series, ToolPage } from "../types";

type Parameter = NonNullable<ToolPage["parameters"]>[number];

// The interval of a multiplier beside 1, which is what the data set says.
function Multiplier({ p }: { p: Parameter }) {
  const [low, high] = [Math.min(p.low, 0.9), Math.max(p.high, 1.1)];
  const w = 220;
  const x = (v: number): number => 6 + ((v - low) / (high - low || 1)) * (w - 12);
  return (
    <svg class="range" style={{ height: "1.6rem", width: `${w}px` }} viewBox={`0 0 ${w} 24`} role="img" aria-label={`${number(p.median, 2)}, 90 % from ${number(p.low, 2)} to ${number(p.high, 2)}; 1: as the data set says`}>
      <line class="axis" x1="6" x2={w - 6} y1="12" y2="12" />
      <line class="zero" x1={x(1)} x2={x(1)} y1="2" y2="22" />
      <rect class="span" x={x(p.low)} y="6" width={Math.max(2, x(p.high) - x(p.low))} height="12" />
      <rect class="mean" x={x(p.median) - 1.5} y="4" width="3" height="16" />
    </svg>
  );
}

// How good what its own lines tell is.
function Quality({ of, now }: { of: ToolPage["sources"]; now: number }) {
  return (
    <Panel title="What its lines tell" note="since the twin was started">
      {of.length === 0 ? (
        <Empty>It has no line of its own: others speak of it.</Empty>
      ) : (
        <div class="scroll">
          <table class="plain">
            <thead><tr><th>Source</th><th>Heard</th><th class="right">Messages</th><th class="right">Again</th><th class="right">Missing</th><th class="right">Set aside</th><th class="right">Its clock is behind by</th></tr></thead>
            <tbody>
              {of.map((s) => (
                <tr key={s.name}>
                  <td>{s.name}</td>
                  <td class={s.stale ? "bad" : ""}>{s.last_heard_ms > 0 ? `${duration(now - s.last_heard_ms)} ago` : "not yet"}</td>
                  <td class="right">{number(s.accepted)}</td>
                  <td class="right">{number(s.duplicates)}</td>
                  <td class={s.missing > 0 ? "right bad" : "right"}>{number(s.missing)}</td>
                  <td class={s.quarantined > 0 ? "right bad" : "right"}>{number(s.quarantined)}</td>
                  <td class={s.skewed ? "right bad" : "right"}>{number(s.clock_offset_ms / 1000, 1)} s</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

const Spans = [["1", "an hour"], ["24", "a day"], ["168", "a week"]] as const;
type Span = (typeof Spans)[number][0];

// What its sensors said: least, mean and greatest value of each pixel.
function Traces({ signals, tool, now }: { signals: string[]; tool: string; now: number }) {
  const [signal, setSignal] = useState(signals[0] ?? "");
  const [span, setSpan] = useState<Span>("24");
  const asked = useAsk<Series>(seriesPath(signal, now, Number(span) * Hour, 300), 0, now);
  const kept = useRef<{ of: string; s: Series } | null>(null); // shown until the newer one is there
  const of = `${signal} ${span}`;
  if (asked.value) kept.current = { of, s: asked.value };
  const s = kept.current?.of === of ? kept.current.s : null;
  return (
    <Panel title="Traces" note="least, mean and greatest of each pixel">
      <div class="row">
        <label>
          Signal
          <select value={signal} onChange={(e) => setSignal((e.target as HTMLSelectElement).value)}>
            {signals.map((x) => <option key={x} value={x}>{x.slice(tool.length + 1)}</option>)}
          </select>
        </label>
        <Tabs of={Spans} at={span} choose={setSpan} label="How far back" />
      </div>
      {!s ? <Pending of={asked} /> : s.mean.every((v) => v === null) ? <Empty>Nothing was told in this time.</Empty> : (
        <Chart
          times={pixelTimes(s)}
          lines={[
            { label: "mean", values: bridged(s.mean, 6), stroke: "--curve", width: 1.6, digits: 3, points: true },
            { label: "least", values: bridged(s.least, 6), stroke: "", digits: 3 },
            { label: "greatest", values: bridged(s.most, 6), stroke: "", digits: 3 },
          ]}
          bands={[{ low: 1, high: 2, fill: "--band" }]}
          unit=""
          label={`${signal}, over time`}
        />
      )}
    </Panel>
  );
}

export function ToolView({ name }: { name: string }) {
  const asked = useAsk<ToolPage>(`v1/tools/${encodeURIComponent(name)}`, 10_000);
  const t = asked.value;
  const jobs = useAsk<Jobs>(t?.group ? `v1/jobs?hours=24&tool=${encodeURIComponent(name)}` : null, 30_000);
  if (!t) return <><h1>Tool {name}</h1><Pending of={asked} missing={`Nobody has told the twin of a tool ${name}.`} /></>;
  const factor = t.process_time_factor ?? 1;
  return (
    <>
      <h1>Tool {t.name}</h1>
      <Doubts of={t.doubts} />
      <div class="half stack">
        <Panel title="Now" note={time(t.now_ms)}>
          <Facts
            rows={[
              ["Group", t.group ? <a href={link("groups", t.group)}>{t.group}</a> : "–"],
              ["State", <span class={t.mode === "down" ? "bad" : ""}>{ModeWords[t.mode as Mode] ?? t.mode ?? "–"}</span>],
              ["Able, next day", percent(t.forecast?.able_day)],
              ["Able, within the horizon", percent(t.forecast?.able_horizon)],
              ["Its line", t.line ? <span class={t.line === "running" ? "" : "bad"}>{t.line}</span> : "none of its own"],
              ["Process times", <span class={Math.abs(factor - 1) > 0.1 ? "bad" : ""}>{number(factor, 2)} × its group’s</span>],
            ]}
          />
          <p class="note"><a href={link("what-if", "", { kind: "tool-down", tool: t.name })}>What if it went down?</a></p>
        </Panel>
        <Panel title="Jobs">
          {(t.jobs ?? []).length === 0 ? (
            <Empty>None.</Empty>
          ) : (
            <table class="plain">
              <thead><tr><th>Lots</th><th>Phase</th><th>Step</th><th class="right">For</th><th class="right">Wafers</th></tr></thead>
              <tbody>
                {(t.jobs ?? []).map((j, k) => (
                  <tr key={k}>
                    <td>{j.lots.map((l, i) => <span key={l}>{i > 0 && ", "}<a href={link("lots", l)}>{l}</a></span>)}</td>
                    <td>{j.phase}</td>
                    <td>{j.step}</td>
                    <td class="right">{duration(t.now_ms - j.start_ms)}</td>
                    <td class="right">{j.wafers}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Panel>
      </div>
      <div class="half stack">
        <Panel title="What has been learnt of it" note="times what the data set says; median, 90 %">
          {!t.parameters || t.parameters.length === 0 ? (
            <Empty>Nothing has been learnt yet.</Empty>
          ) : (
            <table class="plain">
              <thead><tr><th>Of its group</th><th>90 %</th><th class="right">Median</th><th class="right">Seen</th><th class="right">It changed</th></tr></thead>
              <tbody>
                {t.parameters.map((p) => (
                  <tr key={p.name}>
                    <td>{p.name}</td>
                    <td><Multiplier p={p} /></td>
                    <td class={p.seen > 0 && (p.low > 1 || p.high < 1) ? "right bad" : "right"}>{number(p.median, 2)}</td>
                    <td class="right">{number(p.seen)}</td>
                    <td class={p.changed > 0.9 ? "right bad" : "right"}>{percent(p.changed)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Panel>
      </div>
      <Panel title="The last 24 h">{jobs.value && jobs.value.bar.tool.length > 0 ? <Gantt jobs={jobs.value} by="mode" height={60} /> : <Empty>Nothing was told of it.</Empty>}</Panel>
      <Quality of={t.sources} now={t.now_ms} />
      {t.signals && t.signals.length > 0 && <Traces signals={t.signals} tool={t.name} now={t.now_ms} />}
      <Panel title="What the record says of it" note="the newest first">
        <Happenings of={t.events} without="tool" />
      </Panel>
    </>
  );
}
