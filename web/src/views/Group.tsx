import { number, spread, time } from "../format";
import { ModeWords } from "../parts/modes";
import { Empty, Facts, Panel, Pending } from "../parts/Parts";
import { useAsk } from "../parts/use";
import { link } from "../route";
import type { GroupPage, Mode } from "../types";

export function GroupView({ name }: { name: string }) {
  const asked = useAsk<GroupPage>(`v1/groups/${encodeURIComponent(name)}`, 5_000);
  const g = asked.value;
  if (!g) return <><h1>Tool group {name}</h1><Pending of={asked} missing={`There is no tool group ${name}.`} /></>;
  return (
    <>
      <div class="row">
        <h1>Tool group {g.name}</h1>
        <a href={link("forecast", "", { part: "group", group: g.name })}>Forecast</a>
        <a href={link("tools", "", { group: g.name })}>Hour by hour</a>
        <a href={link("what-if", "", { kind: "tool-bought", group: g.name })}>What if there were one tool more?</a>
      </div>
      <div class="half stack">
        <Panel title="Now" note={time(g.now_ms)}>
          <Facts
            rows={[
              ["Tools able", <span class={g.able < g.tools ? "bad" : ""}>{g.able} of {g.tools}</span>],
              ["Lots waiting", number(g.queue)],
              ["Lots there in all", number(g.wip)],
              ["Waiting in 24 h [90 %]", spread(g.queue_in_24_h)],
            ]}
          />
        </Panel>
        <Panel title="Tools">
          <table class="plain">
            <thead><tr><th>Tool</th><th>State</th><th>Lots</th></tr></thead>
            <tbody>
              {g.tools_now.map((t) => (
                <tr key={t.name}>
                  <td><a href={link("tools", t.name)}>{t.name}</a></td>
                  <td class={t.mode === "down" ? "bad" : ""}><i class="dot" style={{ background: `var(--${t.mode})` }} /> {ModeWords[t.mode as Mode] ?? t.mode}</td>
                  <td>{t.lots.map((l, i) => <span key={l}>{i > 0 && ", "}<a href={link("lots", l)}>{l}</a></span>)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      </div>
      <div class="half">
        <Panel title="Queue" note="in the order in which they would be taken">
          {g.queue_now.length === 0 ? (
            <Empty>Nobody waits.</Empty>
          ) : (
            <div class="scroll" style={{ maxHeight: "36rem", overflowY: "auto" }}>
              <table class="plain">
                <thead><tr><th class="right">#</th><th>Lot</th><th>Step</th></tr></thead>
                <tbody>
                  {g.queue_now.map((q, k) => (
                    <tr key={q.lot}>
                      <td class="right">{k + 1}</td>
                      <td><a href={link("lots", q.lot)}>{q.lot}</a></td>
                      <td>{q.step}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Panel>
      </div>
    </>
  );
}
