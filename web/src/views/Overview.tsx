import { tell, may } from "../api";
import { duration, number, percent, spread, time } from "../format";
import { alarms as alarmTurn, cases as caseTurn, groups, plan, state } from "../live";
import { Spark } from "../parts/Chart";
import { FlowMap } from "../parts/FlowMap";
import { ModeLegend, ModeMeter } from "../parts/modes";
import { Deferred, Empty, Panel, Pending } from "../parts/Parts";
import { useAsk } from "../parts/use";
import { link } from "../route";
import { trust } from "../trust";
import type { Alarms, Band, CaseLine, Series, State } from "../types";
import { useState } from "preact/hooks";
import type { ComponentChildren } from "preact";

const TrendEvery = 60_000; // [ms]

function useTrend(signal: string): (number | null)[] {
  const asked = useAsk<Series>(`v1/series?signal=${encodeURIComponent(signal)}&points=48`, TrendEvery);
  return asked.value?.mean ?? [];
}

function Tile({ name, value, unit, trend, ahead, children }: {
  name: string;
  value: string;
  unit?: string;
  trend?: (number | null)[];
  ahead?: (readonly [number, number] | null)[];
  children?: ComponentChildren;
}) {
  return (
    <div class="tile">
      <h3>{name}</h3>
      <div class="big">
        <span>
          {value}
          {unit && <span class="unit">{unit}</span>}
        </span>
        {trend && <Spark values={trend} {...(ahead ? { band: ahead } : {})} label={`${name}: the last 24 h${ahead ? ", and the forecast" : ""}`} />}
      </div>
      <div class="under">{children}</div>
    </div>
  );
}

const bandOf = (b: Band | undefined, digits = 0): string => (b ? spread([b.p05, b.p50, b.p95], digits) : "");

function Tiles({ s }: { s: State }) {
  const wip = useTrend("fab/wip");
  const out = useTrend("fab/out_day");
  const cycle = useTrend("fab/cycle_days");
  const flow = useTrend("fab/flow_factor");
  const onTime = useTrend("fab/on_time");
  const t = trust(s);
  const f = s.forecast;
  const wide = f && f.wip.p05 !== null && f.wip.p95 !== null ? [[s.wip, s.wip] as const, [f.wip.p05, f.wip.p95] as const] : undefined;
  const outWide = f?.out[0] && f.out[0].p05 !== null && f.out[0].p95 !== null ? [[s.out_day, s.out_day] as const, [f.out[0].p05, f.out[0].p95] as const] : undefined;
  const plan = s.plan_day ?? 0;
  return (
    <div class="tiles">
      <Tile name="WIP" value={number(s.wip)} unit="lots" trend={wip} {...(wide ? { ahead: wide } : {})}>
        {f ? `in ${f.ahead}: ${bandOf(f.wip)}` : "no forecast yet"}
      </Tile>
      <Tile name="Out in 24 h" value={number(s.out_day)} unit="lots" trend={out} {...(outWide ? { ahead: outWide } : {})}>
        {s.plan_day === undefined ? "" : `due: ${number(plan)} (${s.out_day >= plan ? "+" : "−"}${number(Math.abs(s.out_day - plan))}); `}
        {f?.out[0] ? `next ${f.out[0].ahead}: ${bandOf(f.out[0])}` : ""}
      </Tile>
      <Tile name="Cycle time, last 7 d" value={s.cycle_days > 0 ? number(s.cycle_days, 1) : "–"} unit="d" trend={cycle}>
        mean of {number(s.out_week)} lots that left
      </Tile>
      <Tile name="Flow factor, last 7 d" value={s.flow_factor ? number(s.flow_factor, 2) : "–"} unit="× raw" trend={flow}>
        cycle time by raw process time
      </Tile>
      <Tile name="On time, last 7 d" value={percent(s.on_time ?? null)} trend={onTime}>
        of the lots that left
      </Tile>
      <div class="tile">
        <h3>The twin now</h3>
        <div class={`big word ${t.tone}`}>
          <span>
            {t.sign} {t.word}
          </span>
        </div>
        <div class="under">
          {t.coverage !== null && <>90 % intervals hold {percent(t.coverage)} at least; </>}
          data {duration(s.data_age_ms)} old; forecast {f ? `${duration(s.now_ms - f.made_ms)} ago` : "none"}
        </div>
      </div>
    </div>
  );
}

function AlarmList() {
  const asked = useAsk<Alarms>("v1/alarms", 30_000, alarmTurn.value);
  const [why, setWhy] = useState("");
  const [all, setAll] = useState(false);
  if (!asked.value) return <Pending of={asked} />;
  const shown = asked.value.groups.filter((g) => all || g.announced);
  const waiting = asked.value.groups.length - asked.value.groups.filter((g) => g.announced).length;
  const seen = async (cause: string): Promise<void> => {
    try {
      await tell("v1/alarms/acknowledgements", { cause });
      setWhy("");
      alarmTurn.value++;
    } catch (e) {
      setWhy(e instanceof Error ? e.message : String(e));
    }
  };
  return (
    <>
      {asked.value.flood && <p class="bad">A flood of alarms: only the first of each cause are shown.</p>}
      {why && <p class="bad" role="alert">{why}</p>}
      {shown.length === 0 && <Empty>Nothing asks for a response.</Empty>}
      <div class="stack">
        {shown.map((g) => (
          <div key={`${g.cause} ${g.alarm}`} class="case">
            <div class="row">
              <span class={`chip ${g.priority === "high" ? "bad" : g.priority === "medium" ? "warn" : ""}`}>{g.priority}</span>
              <strong>{g.cause}</strong>
              <span>{g.alarm}</span>
              {g.active > 1 && <span class="quiet">{g.active} alarms</span>}
              <span class="grow" />
              <span class="quiet">since {time(g.since_ms)}</span>
            </div>
            <div>{g.text || g.of.join(", ")}</div>
            <div class="row">
              <span class="quiet grow">{g.response}</span>
              {g.acknowledged ? (
                <span class="quiet">seen by {g.acknowledged.who}</span>
              ) : (
                may("reject") && (
                  <button type="button" onClick={() => void seen(g.cause)}>
                    I have seen it
                  </button>
                )
              )}
            </div>
          </div>
        ))}
      </div>
      {waiting > 0 && (
        <p class="note">
          <button type="button" class="plain" onClick={() => setAll(!all)}>
            {all ? "Hide" : "Show"} {waiting} that wait for room in the budget
          </button>
        </p>
      )}
    </>
  );
}

function OpenCases() {
  const asked = useAsk<{ cases: CaseLine[] }>("v1/recommendations?stage=open&limit=5", 60_000, caseTurn.value);
  if (!asked.value) return <Pending of={asked} />;
  if (asked.value.cases.length === 0) return <Empty>Nothing waits for a decision.</Empty>;
  return (
    <div class="stack">
      {asked.value.cases.map((c) => (
        <a key={c.id} class="case" href={link("decisions", c.id)}>
          <span>{c.words}</span>
          <span class="quiet">
            {c.stage}, {c.approvals} of {c.persons} approvals, until {time(c.expires)}
          </span>
        </a>
      ))}
    </div>
  );
}

export function Overview() {
  const s = state.value;
  const g = groups.value;
  if (!s) return <Empty>Asking the twin …</Empty>;
  return (
    <>
      <h1 class="sr">Overview of {s.site}</h1>
      <Tiles s={s} />
      <Panel title="The fab" note={<ModeLegend />}>
        {plan.value && g ? (
          <Deferred height={420}>
            <FlowMap plan={plan.value} groups={g.groups} />
          </Deferred>
        ) : (
          <Empty>Asking the twin …</Empty>
        )}
        <p class="note">A cell: lots that wait, and tools (able of all, where some are not). Darker: more lots wait for each tool. Lines: lots a day between areas.</p>
      </Panel>
      <div class="half stack">
        <Panel title="Bottlenecks" note={s.forecast ? `queues now, and ${s.forecast.ahead} ahead: median [90 %]` : "queues now"}>
          <div class="scroll">
            <table class="plain">
              <thead>
                <tr>
                  <th>Tool group</th>
                  <th>Tools</th>
                  <th class="right">Able</th>
                  <th class="right">Queue</th>
                  <th class="right">Ahead</th>
                </tr>
              </thead>
              <tbody>
                {s.bottlenecks.map((b) => {
                  const row = g?.groups.find((x) => x.name === b.group);
                  return (
                    <tr key={b.group}>
                      <td>
                        <a href={link("groups", b.group)}>{b.group}</a>
                      </td>
                      <td>{row?.modes && <ModeMeter of={row.modes} />}</td>
                      <td class={b.able < b.tools ? "right bad" : "right"}>
                        {b.able} of {b.tools}
                      </td>
                      <td class="right">{number(b.queue)}</td>
                      <td class="right">{bandOf(b.queue_ahead) || "–"}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        </Panel>
        <Panel title="Tools" note={`${number(Object.values(s.tools).reduce((a, b) => a + b, 0))} in all`}>
          <ModeMeter of={s.tools} />
          <p class="note">
            {s.tools.processing} processing, {s.tools.setup} setting up, {s.tools.loading} loading, {s.tools.idle} idle, {s.tools.maintenance} in maintenance,{" "}
            <span class={s.tools.down > 0 ? "bad" : ""}>{s.tools.down} down</span>
          </p>
        </Panel>
      </div>
      <div class="half stack">
        <Panel title="Decisions" note={<a href={link("decisions")}>all</a>}>
          <OpenCases />
          {s.rule && <p class="note">Dispatching by {s.rule}.</p>}
        </Panel>
        <Panel title="Alarms">
          <AlarmList />
        </Panel>
        {s.links && s.links.length > 0 && (
          <Panel title="Links" note={`${number(s.entries)} entries in the record`}>
            {s.links.map((l) => (
              <div key={l.name} class="row">
                <span class={`chip ${l.well ? "" : "bad"}`}>{l.well ? "well" : "not well"}</span>
                <strong>{l.name}</strong>
                <span class="quiet">{l.state}</span>
              </div>
            ))}
          </Panel>
        )}
      </div>
    </>
  );
}
