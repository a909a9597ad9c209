// The fab as a map: a box an area, a cell a tool group, and between areas the lots that flow in a day. A cell tells its
// queue by its darkness and its number, its tools by the strip below; what is not able to work has the colour of "down".
import { useState } from "preact/hooks";
import { number } from "../format";
import { go, link } from "../route";
import type { Group, Plan } from "../types";
import { ModeList, modesText } from "./modes";
import { useSize } from "./use";

const Cell = { w: 78, h: 44, gap: 4 };
const Box = { pad: 8, head: 22, gap: 26 };

interface Placed {
  area: number;
  x: number;
  y: number;
  w: number;
  h: number;
  cells: { group: number; x: number; y: number }[];
}

/** Boxes in rows, as many to a row as have room; each as near to a square as its cells allow. */
export function layOut(plan: Plan, width: number): { boxes: Placed[]; height: number } {
  const boxes: Placed[] = [];
  let x = Box.gap / 2;
  let y = Box.gap / 2;
  let row = 0;
  const room = Math.max(1, Math.floor((width - Box.gap - 2 * Box.pad) / (Cell.w + Cell.gap)));
  plan.areas.forEach((area, k) => {
    if (area.groups.length === 0) return;
    const across = Math.min(room, Math.max(2, Math.ceil(Math.sqrt(area.groups.length * 0.9))), area.groups.length);
    const down = Math.ceil(area.groups.length / across);
    const w = across * (Cell.w + Cell.gap) - Cell.gap + 2 * Box.pad;
    const h = down * (Cell.h + Cell.gap) - Cell.gap + 2 * Box.pad + Box.head;
    if (x > Box.gap && x + w > width - Box.gap / 2) {
      x = Box.gap / 2;
      y += row + Box.gap;
      row = 0;
    }
    boxes.push({
      area: k,
      x,
      y,
      w,
      h,
      cells: area.groups.map((group, i) => ({
        group,
        x: x + Box.pad + (i % across) * (Cell.w + Cell.gap),
        y: y + Box.pad + Box.head + Math.floor(i / across) * (Cell.h + Cell.gap),
      })),
    });
    x += w + Box.gap;
    row = Math.max(row, h);
  });
  return { boxes, height: y + row + Box.gap / 2 };
}

/** From 0, nobody waits, to 1: four lots wait for each tool that is able, or more. */
export function pressure(g: Group): number {
  if (g.queue === 0) return 0;
  return Math.min(1, g.queue / Math.max(1, g.able) / 4);
}

const cut = (name: string, room: number): string => (name.length <= room ? name : `${name.slice(0, room - 1)}…`);

export function FlowMap({ plan, groups }: { plan: Plan; groups: Group[] }) {
  const [holder, width] = useSize<HTMLDivElement>();
  const [lit, setLit] = useState(-1); // area
  const scale = Math.min(2.4, Math.max(1, width / 1600)); // on a wall it is seen from afar
  const across = Math.max(width, 320) / scale;
  const { boxes, height } = layOut(plan, across);
  const most = Math.max(1, ...plan.flows.map((f) => f.lots_per_day));
  const boxOf = new Map(boxes.map((b) => [b.area, b]));
  const centre = (b: Placed): [number, number] => [b.x + b.w / 2, b.y + b.h / 2];
  return (
    <div ref={holder}>
      <svg class="map" viewBox={`0 0 ${across} ${height}`} height={height * scale} role="group" aria-label="Areas and tool groups, and the lots that flow between areas in a day">
        <g aria-hidden="true">
          {plan.flows
            .filter((f) => f.from >= 0 && f.to >= 0 && f.from !== f.to)
            .sort((a, b) => Number(a.from === lit || a.to === lit) - Number(b.from === lit || b.to === lit))
            .map((f) => {
              const a = boxOf.get(f.from);
              const b = boxOf.get(f.to);
              if (!a || !b) return null;
              const [x1, y1] = centre(a);
              const [x2, y2] = centre(b);
              const bend = 0.18;
              const mx = (x1 + x2) / 2 - (y2 - y1) * bend;
              const my = (y1 + y2) / 2 + (x2 - x1) * bend;
              const on = f.from === lit || f.to === lit;
              if (lit >= 0 && !on) return null;
              return <path key={`${f.from}-${f.to}`} class={on ? "flow on" : "flow"} d={`M${x1} ${y1}Q${mx} ${my} ${x2} ${y2}`} stroke-width={0.5 + (7 * f.lots_per_day) / most} />;
            })}
        </g>
        {boxes.map((b) => {
          const area = plan.areas[b.area];
          if (!area) return null;
          const wip = area.groups.reduce((n, g) => n + (groups[g]?.wip ?? 0), 0);
          const flow = plan.flows.filter((f) => f.to === b.area && f.from !== b.area).reduce((n, f) => n + f.lots_per_day, 0);
          return (
            <g key={b.area} onMouseEnter={() => setLit(b.area)} onMouseLeave={() => setLit(-1)}>
              <rect class="area" x={b.x} y={b.y} width={b.w} height={b.h} rx="5" fill="var(--panel)" style={{ fill: "var(--panel)", fillOpacity: 0.88 }} />
              <text x={b.x + Box.pad} y={b.y + 17}>
                {cut(area.name, Math.max(6, Math.floor((b.w - 16) / 13)))}
                <tspan class="quiet" dx="6">
                  {b.w > 160 + 7.5 * area.name.length ? `${number(wip)} lots, ${number(flow)} in a day` : number(wip)}
                </tspan>
              </text>
              {b.cells.map((c) => {
                const g = groups[c.group];
                const p = plan.groups[c.group];
                if (!g || !p) return null;
                const lost = g.able < g.tools;
                const dark = pressure(g);
                const all = Math.max(1, g.tools);
                let used = 0;
                return (
                  <a
                    key={c.group}
                    href={link("groups", g.name)}
                    aria-label={`${g.name}: ${g.queue} lots wait, ${g.able} of ${g.tools} tools able${g.modes ? `; ${modesText(g.modes)}` : ""}`}
                    onFocus={() => setLit(b.area)}
                    onBlur={() => setLit(-1)}
                    onClick={(e) => {
                      e.preventDefault();
                      go("groups", g.name);
                    }}
                  >
                    <title>{`${g.name}\n${g.queue} lots wait, ${g.wip} in all\n${g.able} of ${g.tools} tools able${g.modes ? `\n${modesText(g.modes)}` : ""}`}</title>
                    <rect class="cell" x={c.x} y={c.y} width={Cell.w} height={Cell.h} rx="3" fill-opacity={(0.06 + 0.52 * dark).toFixed(2)} {...(g.able * 2 < g.tools ? { style: { stroke: "var(--down)", strokeWidth: 2 } } : {})} />
                    <text x={c.x + 4} y={c.y + 13} style={{ fontSize: "10px" }}>
                      {cut(g.name, 12)}
                    </text>
                    <text x={c.x + 4} y={c.y + 29} style={{ fontWeight: dark > 0.6 ? 700 : 500 }}>
                      {number(g.queue)}
                      <tspan class="quiet" dx="4" style={lost ? { fill: "var(--bad)" } : {}}>
                        {lost ? `${g.able}/${g.tools}` : g.tools}
                      </tspan>
                    </text>
                    {g.modes &&
                      ModeList.map((m) => {
                        const share = (g.modes?.[m] ?? 0) / all;
                        if (share <= 0) return null;
                        const at = used;
                        used += share;
                        return <rect key={m} x={c.x + 3 + at * (Cell.w - 6)} y={c.y + Cell.h - 8} width={share * (Cell.w - 6)} height="5" style={{ fill: `var(--${m})` }} />;
                      })}
                  </a>
                );
              })}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
