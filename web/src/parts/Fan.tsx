// A fan: what was, and what is to come as bands of 95 %, 80 % and 50 % about the median.
import { Hour } from "../format";
import type { Series } from "../types";
import { Chart, type Line } from "./Chart";

type Levels = (number | null)[][]; // [moment][level]

export interface FanProps {
  history: Series | null;
  ahead: Levels;
  levels: number[]; // probabilities, ascending
  from: number; // [ms] when the forecast begins
  stepMs?: number;
  unit: string;
  label: string;
  digits?: number;
  height?: number;
}

const at = (row: (number | null)[], levels: number[], p: number): number | null => {
  const k = levels.findIndex((l) => Math.abs(l - p) < 1e-6);
  return k < 0 ? null : (row[k] ?? null);
};

/** Holes of one or two pixels are where nothing was sampled; longer ones are where nothing was known, and stay. */
export function bridged(values: (number | null)[], most = 2): (number | null)[] {
  const out = values.slice();
  for (let k = 1; k < out.length; k++) {
    if (out[k] !== null) continue;
    let next = k;
    while (next < out.length && out[next] === null) next++;
    const [a, b] = [out[k - 1], out[next]];
    if (next < out.length && next - k <= most && a !== null && a !== undefined && b !== null && b !== undefined)
      for (let i = k; i < next; i++) out[i] = a + ((b - a) * (i - k + 1)) / (next - k + 1);
    k = next;
  }
  return out;
}

export function Fan({ history, ahead, levels, from, stepMs = Hour, unit, label, digits = 0, height = 240 }: FanProps) {
  const past = history ? bridged(history.mean).map((v, k) => ({ t: history.from_ms + ((k + 0.5) / history.pixels) * (history.until_ms - history.from_ms), v })).filter((p) => p.t <= from) : [];
  const times = [...past.map((p) => p.t), ...ahead.map((_, h) => from + h * stepMs)];
  const blank = past.map(() => null);
  const of = (p: number): (number | null)[] => [...blank, ...ahead.map((row) => at(row, levels, p))];
  const edge = (name: string, p: number): Line => ({ label: name, values: of(p), stroke: "", told: false, digits });
  const lines: Line[] = [
    { label: "as it was", values: [...past.map((p) => p.v), ...ahead.map(() => null)], stroke: "--actual", width: 1.6, digits },
    { label: "median", values: of(0.5), stroke: "--curve", width: 1.8, digits },
    { ...edge("5 %", 0.05), told: true },
    { ...edge("95 %", 0.95), told: true },
    edge("2.5 %", 0.025),
    edge("97.5 %", 0.975),
    edge("10 %", 0.1),
    edge("90 %", 0.9),
    edge("25 %", 0.25),
    edge("75 %", 0.75),
  ];
  return (
    <Chart
      times={times}
      lines={lines}
      bands={[
        { low: 4, high: 5, fill: "--band-2" },
        { low: 6, high: 7, fill: "--band-2" },
        { low: 8, high: 9, fill: "--band" },
      ]}
      unit={unit}
      label={label}
      now={from}
      height={height}
    />
  );
}

/** Of single days: the median as a mark, 50 and 90 % as bars. */
export function DayBars({ days, levels, unit, label, from }: { days: Levels; levels: number[]; unit: string; label: string; from: (day: number) => string }) {
  const most = Math.max(1, ...days.map((d) => at(d, levels, 0.95) ?? 0));
  const [w, h, left] = [52, 150, 44];
  const y = (v: number): number => 8 + (1 - v / most) * (h - 16);
  const marks = [0, most / 2, most];
  return (
    <div class="scroll">
      <svg class="map" style={{ width: `${left + days.length * w + 10}px` }} viewBox={`0 0 ${left + days.length * w + 10} ${h + 24}`} height={h + 24} role="img" aria-label={label}>
        {marks.map((m) => (
          <g key={m}>
            <line x1={left} x2={left + days.length * w} y1={y(m)} y2={y(m)} stroke="var(--line)" />
            <text class="quiet" x={left - 4} y={y(m) + 4} text-anchor="end">
              {Math.round(m)}
            </text>
          </g>
        ))}
        <text class="quiet" x="11" y={h / 2} text-anchor="middle" transform={`rotate(-90 11 ${h / 2})`}>
          {unit}
        </text>
        {days.map((d, k) => {
          const [a, b, c, e, f] = [0.05, 0.25, 0.5, 0.75, 0.95].map((p) => at(d, levels, p) ?? 0) as [number, number, number, number, number];
          const x = left + k * w + w / 2;
          return (
            <g key={k}>
              <title>{`${from(k)}: ${Math.round(c)} ${unit} [${Math.round(a)}, ${Math.round(f)}]`}</title>
              <rect x={x - 7} width="14" y={y(f)} height={Math.max(1, y(a) - y(f))} fill="var(--band-2)" stroke="none" />
              <rect x={x - 7} width="14" y={y(e)} height={Math.max(1, y(b) - y(e))} fill="var(--band)" stroke="none" />
              <line x1={x - 9} x2={x + 9} y1={y(c)} y2={y(c)} stroke="var(--curve)" stroke-width="2" />
              <text class="quiet" x={x} y={h + 14} text-anchor="middle">
                {from(k)}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
