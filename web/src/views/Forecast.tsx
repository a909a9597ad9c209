import { useState } from "preact/hooks";
import { may, tell } from "../api";
import { Day, duration, Hour, number, percent, shortTime, signed, time, zone } from "../format";
import { groups, state } from "../live";
import { Chart } from "../parts/Chart";
import { bridged, DayBars, Fan } from "../parts/Fan";
import { Empty, Facts, Panel, Pending, Tabs } from "../parts/Parts";
import { pixelTimes, seriesPath } from "../parts/series";
import { useAsk } from "../parts/use";
import { link, place, requery } from "../route";
import type { ForecastPart, ScoreWindows, Series } from "../types";

const Parts = [
  ["fab", "The fab"],
  ["group", "A tool group"],
  ["scores", "Was it right?"],
] as const;
type Part = (typeof Parts)[number][0];
const HistoryMs = 2 * Day;

function dayName(from: number): (k: number) => string {
  return (k) => shortTime(from + k * Day).slice(0, 5);
}

function FabPart() {
  const id = state.value?.forecast?.id; // a new one is asked for when there is a new one
  const asked = useAsk<ForecastPart>(id ? "v1/forecasts?of=fab" : null, 0, id);
  const history = useAsk<Series>(seriesPath("fab/wip", asked.value?.now_ms, HistoryMs, 96));
  if (!id) return <Empty>The twin has made no forecast yet. It makes the first one when it is ready.</Empty>;
  const f = asked.value;
  if (!f) return <Pending of={asked} />;
  return (
    <>
      <Panel title="Lots in the fab" note={`${f.members} members, made ${time(f.now_ms)}; bands: 50, 80 and 95 %`}>
        <Fan history={history.value} ahead={f.wip} levels={f.levels} from={f.now_ms} unit="lots" label={`Lots in the fab: the last 2 days, and ${f.horizon_hours} hours ahead`} height={300} />
      </Panel>
      <div class="half stack">
        <Panel title="Lots out, each day" note={`from ${time(f.now_ms)} on; median, 50 and 90 %`}>
          <DayBars days={f.out ?? []} levels={f.levels} unit="lots" label="Lots out of the fab, day by day" from={dayName(f.now_ms)} />
        </Panel>
      </div>
      <div class="half stack">
        <Panel title="What it rests on">
          <Facts
            rows={[
              ["Forecast", <span class="mono">{f.id}</span>],
              ["Made", time(f.now_ms)],
              ["What was known", `until ${time(f.known_ms)}${f.now_ms > f.known_ms ? ` (${duration(f.now_ms - f.known_ms)} before)` : ""}`],
              ["Parameters", f.learnt ? "as learnt from the fab" : "as the data set says: nothing has been learnt yet"],
              ["Members", number(f.members)],
              ["Horizon", duration(f.horizon_hours * Hour)],
            ]}
          />
          {f.staleness && <p class="warn">{f.staleness}</p>}
          <p class="note">
            <a href={link("record", "provenance", { forecast: f.id })}>Down to the messages that it rests on</a>
          </p>
        </Panel>
      </div>
      <Backward />
    </>
  );
}

const Looked = 7 * Day;

// What was said a day before, for each moment, and what came.
function Backward() {
  const now = state.value?.now_ms;
  const [at] = useState(now);
  const [what, setWhat] = useState<"wip" | "out_day">("wip");
  const path = (signal: string): string | null => seriesPath(signal, at, Looked, 168);
  const actual = useAsk<Series>(path(`fab/${what}`));
  const low = useAsk<Series>(path(`ahead/1d/fab/${what}/p05`));
  const mid = useAsk<Series>(path(`ahead/1d/fab/${what}/p50`));
  const high = useAsk<Series>(path(`ahead/1d/fab/${what}/p95`));
  const s = actual.value;
  const said = mid.value?.mean.some((v) => v !== null) ?? false;
  const name = what === "wip" ? "Lots in the fab" : "Lots out in 24 h";
  const held = (): string => {
    let [n, inside] = [0, 0];
    s?.mean.forEach((v, k) => {
      const [a, b] = [low.value?.mean[k], high.value?.mean[k]];
      if (v === null || a === null || a === undefined || b === null || b === undefined) return;
      n++;
      if (a <= v && v <= b) inside++;
    });
    return n > 0 ? `inside the 90 % band ${percent(inside / n)} of the time` : "";
  };
  return (
    <Panel title="Yesterday’s forecast against what happened" note={said ? held() : ""}>
      <Tabs of={[["wip", "Lots in the fab"], ["out_day", "Lots out in 24 h"]] as const} at={what} choose={setWhat} label="What is compared" />
      {s && said ? (
        <Chart
          times={pixelTimes(s)}
          lines={[
            { label: "as it was", values: bridged(s.mean), stroke: "--actual", width: 1.8 },
            { label: "said a day before", values: bridged(mid.value?.mean ?? [], 6), stroke: "--curve", dash: [5, 3] },
            { label: "5 %", values: bridged(low.value?.mean ?? [], 6), stroke: "" },
            { label: "95 %", values: bridged(high.value?.mean ?? [], 6), stroke: "" },
          ]}
          bands={[{ low: 2, high: 3, fill: "--band" }]}
          unit="lots"
          label={`${name}: as it was, and as it was forecast a day before`}
        />
      ) : (
        <Empty>No forecast is a day old yet: come back when one is.</Empty>
      )}
    </Panel>
  );
}

function GroupPart() {
  const all = groups.value?.groups ?? [];
  const [first] = useState(state.value?.bottlenecks[0]?.group ?? all[0]?.name ?? ""); // the worst bottleneck changes by the minute
  const wanted = place.value.query.get("group") ?? (first || (all[0]?.name ?? ""));
  const id = state.value?.forecast?.id;
  const asked = useAsk<ForecastPart>(id && wanted ? `v1/forecasts?of=${encodeURIComponent(wanted)}` : null, 0, id);
  const history = useAsk<Series>(wanted ? seriesPath(`queue/${wanted}`, asked.value?.now_ms, HistoryMs, 96) : null);
  const f = asked.value;
  return (
    <>
      <div class="row">
        <label>
          Tool group
          <select value={wanted} onChange={(e) => requery({ part: "group", group: (e.target as HTMLSelectElement).value })}>
            {all.map((g) => (
              <option key={g.name}>{g.name}</option>
            ))}
          </select>
        </label>
        <a href={link("groups", wanted)}>Its tools and its queue</a>
      </div>
      {!f ? (
        <Pending of={asked} missing="No forecast holds this group yet." />
      ) : (
        <>
          <Panel title={`Lots that wait for ${wanted}`} note={`made ${time(f.now_ms)}; bands: 50, 80 and 95 %`}>
            <Fan history={history.value} ahead={f.queue ?? []} levels={f.levels} from={f.now_ms} unit="lots" label={`Queue of ${wanted}`} />
          </Panel>
          <Panel title="Lots waiting or in work there">
            <Fan history={null} ahead={f.wip} levels={f.levels} from={f.now_ms} unit="lots" label={`WIP of ${wanted}`} height={180} />
          </Panel>
          <div class="half">
            <Panel title="Tools able to work" note="neither down nor in maintenance">
              <Fan history={null} ahead={f.able ?? []} levels={f.levels} from={f.now_ms} unit="tools" label={`Able tools of ${wanted}`} height={180} digits={1} />
            </Panel>
          </div>
          <div class="half">
            <Panel title="Lots started, each day" note="median, 50 and 90 %">
              <DayBars days={f.moves ?? []} levels={f.levels} unit="lots" label={`Lots that ${wanted} starts, day by day`} from={dayName(f.now_ms)} />
            </Panel>
          </div>
        </>
      )}
    </>
  );
}

function Validation({ why, again }: { why: string; again: () => void }) {
  const [how, setHow] = useState("");
  const [wrong, setWrong] = useState("");
  const send = async (): Promise<void> => {
    try {
      await tell("v1/validations", { how });
      setHow("");
      again();
    } catch (e) {
      setWrong(e instanceof Error ? e.message : String(e));
    }
  };
  return (
    <Panel title="The twin has to be validated again">
      <p class="bad" role="alert">{why}</p>
      <p>Until then it sends nothing by itself. What it says of the fab is to be read with care.</p>
      {may("edit") ? (
        <form class="row" onSubmit={(e) => { e.preventDefault(); void send(); }}>
          <label class="grow">
            How it was validated, for the record
            <input required value={how} onInput={(e) => setHow((e.target as HTMLInputElement).value)} />
          </label>
          <button class="main" type="submit" disabled={how.trim() === ""}>
            It is validated
          </button>
        </form>
      ) : (
        <p class="quiet">An engineer or an approver says when that is done.</p>
      )}
      {wrong && <p class="bad" role="alert">{wrong}</p>}
    </Panel>
  );
}

function ScoresPart() {
  const asked = useAsk<ScoreWindows>("v1/scores", 60_000, state.value?.forecast?.id);
  const [quantity, setQuantity] = useState("");
  const [ahead, setAhead] = useState("1 d");
  const v = asked.value;
  if (!v) return <Pending of={asked} />;
  if (v.rows.length === 0) return <Empty>No forecast’s time has come yet: a day after the first one there are scores.</Empty>;
  const quantities = [...new Set(v.rows.map((r) => r.quantity))];
  const at = quantities.includes(quantity) ? quantity : (quantities[0] ?? "");
  const days = v.days.filter((d) => d.quantity === at && d.ahead === ahead);
  const skill = (x: number | null): string => (x === null ? "–" : `${signed(100 * x, 0)} %`);
  return (
    <>
      {v.diverged && <Validation why={v.diverged} again={asked.again} />}
      <Panel title="How often 90 % intervals held" note="of forecasts whose time has come; the 95 % bounds are for so many independent scores">
        <div class="scroll">
          <table class="plain">
            <thead>
              <tr>
                <th>Forecast of</th>
                <th>Ahead</th>
                <th class="right">Scores</th>
                <th class="right">Held</th>
                <th class="right">95 % bounds</th>
                <th class="right">Better than the uncalibrated simulator</th>
                <th class="right">Better than a rule of thumb</th>
              </tr>
            </thead>
            <tbody>
              {v.rows.map((r) => {
                const off = r.coverage90_high < 0.85 || r.coverage90_low > 0.95;
                return (
                  <tr key={`${r.quantity} ${r.ahead}`}>
                    <td>
                      <button type="button" class="plain" onClick={() => { setQuantity(r.quantity); setAhead(r.ahead); }}>
                        {r.quantity}
                      </button>
                    </td>
                    <td>{r.ahead}</td>
                    <td class="right">{number(r.scores)}</td>
                    <td class={off ? "right bad" : "right"}>
                      {off ? "▲ " : ""}
                      {percent(r.coverage90, 1)}
                    </td>
                    <td class="right">
                      {percent(r.coverage90_low)} to {percent(r.coverage90_high)}
                    </td>
                    <td class="right">{skill(r.skill_nominal)}</td>
                    <td class="right" title={r.rule}>
                      {skill(r.skill)}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
        <p class="note">Better: 1 less the ratio of the CRPS to the other’s, on the same numbers. Rules of thumb: the due-date rule for lots, “as it was” for all else.</p>
      </Panel>
      <Panel title={`Day by day: ${at}, ${ahead} ahead`} note="share held by the 90 % intervals, of the forecasts made that day">
        <div class="row">
          <label>
            Forecast of
            <select value={at} onChange={(e) => setQuantity((e.target as HTMLSelectElement).value)}>
              {quantities.map((q) => (
                <option key={q}>{q}</option>
              ))}
            </select>
          </label>
          <label>
            Ahead
            <select value={ahead} onChange={(e) => setAhead((e.target as HTMLSelectElement).value)}>
              {[...new Set(v.rows.map((r) => r.ahead))].map((a) => (
                <option key={a}>{a}</option>
              ))}
            </select>
          </label>
        </div>
        {days.length < 2 ? (
          <Empty>There are scores of {days.length === 1 ? "one day" : "no day"} yet.</Empty>
        ) : (
          <>
            <Chart times={days.map((d) => d.day_ms)} lines={[{ label: "held", values: days.map((d) => (100 * d.held90) / d.n), stroke: "--curve", digits: 1 }, { label: "goal", values: days.map(() => 90), stroke: "--quiet", dash: [4, 4], told: false }]} unit="%" label={`Share held, ${at}`} least={0} most={100} height={170} />
            <h3>Mean error (CRPS; less is better)</h3>
            <Chart
              times={days.map((d) => d.day_ms)}
              lines={[
                { label: "the twin", values: days.map((d) => d.crps), stroke: "--curve", digits: 2 },
                { label: "uncalibrated simulator", values: days.map((d) => d.nominal), stroke: "--curve-2", dash: [6, 3], digits: 2 },
                { label: "rule of thumb", values: days.map((d) => d.rule), stroke: "--quiet", dash: [2, 3], digits: 2 },
              ]}
              unit={at.includes("completion") ? "h" : "lots"}
              label={`CRPS, ${at}`}
              least={0}
              height={170}
            />
          </>
        )}
        {v.validations.length > 0 && <p class="note">Validated again: {v.validations.map((t) => time(t)).join(", ")}.</p>}
      </Panel>
    </>
  );
}

export function ForecastPage() {
  const asked = place.value.query.get("part");
  const part: Part = asked === "group" || asked === "scores" ? asked : "fab";
  void zone.value;
  return (
    <>
      <div class="row">
        <h1>Forecast</h1>
        <Tabs of={Parts} at={part} choose={(p) => requery({ part: p })} label="Forecasts" />
      </div>
      {part === "fab" ? <FabPart /> : part === "group" ? <GroupPart /> : <ScoresPart />}
    </>
  );
}
