// A time chart: lines and bands over one axis of time, with what is under the cursor told in words below.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { clock, Day, number, shortTime, time, zone, zoneName } from "../format";
import { colour, themeTurn } from "./theme";
import { useSize } from "./use";

export interface Line {
  label: string;
  values: (number | null)[];
  stroke: string; // a variable of the style sheet; "" : not drawn, an edge of a band
  width?: number;
  dash?: number[];
  digits?: number;
  steps?: boolean;
  points?: boolean;
  told?: boolean; // below the chart; default: yes
}
export interface BandOf {
  low: number; // index of lines
  high: number;
  fill: string; // a variable of the style sheet
}
export interface ChartProps {
  times: number[]; // [ms]
  lines: Line[];
  bands?: BandOf[];
  unit: string;
  height?: number;
  label: string; // for those who cannot see it
  now?: number; // a line at the present
  least?: number; // of the axis
  most?: number;
}

function ticks(_: uPlot, at: number[]): string[] {
  const span = (at.at(-1) ?? 0) - (at[0] ?? 0);
  return at.map((s) => (span * 1000 > 1.5 * Day ? shortTime(s * 1000) : clock(s * 1000)));
}

export function Chart(p: ChartProps) {
  const [holder, width] = useSize<HTMLDivElement>();
  const plot = useRef<uPlot | null>(null);
  const props = useRef(p);
  props.current = p;
  const height = p.height ?? 200;
  const shape = `${p.lines.map((l) => `${l.label}|${l.stroke}|${l.width}|${l.dash}|${l.steps}|${l.points}`).join(";")}#${p.bands?.map((b) => `${b.low}-${b.high}-${b.fill}`).join(";")}#${p.unit}#${p.least}#${p.most}#${themeTurn.value}#${zone.value}`;
  const data = (): uPlot.AlignedData => [p.times.map((t) => t / 1000), ...p.lines.map((l) => l.values)] as uPlot.AlignedData;

  useEffect(() => {
    if (!holder.current || width === 0) return undefined;
    const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 }, font: "11px system-ui" };
    const made = new uPlot(
      {
        width,
        height,
        tzDate: (s) => (zone.peek() === "UTC" ? uPlot.tzDate(new Date(s * 1000), "Etc/UTC") : new Date(s * 1000)),
        cursor: { points: { size: 6 }, drag: { x: false, y: false } },
        legend: { show: true, live: true },
        scales: {
          x: { time: true },
          y: {
            range: (_u, low, high) => {
              const least = props.current.least ?? low;
              const most = props.current.most ?? high;
              const room = Math.max((most - least) * 0.06, 1e-9);
              return [props.current.least ?? least - room, props.current.most ?? (most > least ? most + room : least + 1)];
            },
          },
        },
        axes: [
          { ...axis, values: ticks, space: (p.times.at(-1) ?? 0) - (p.times[0] ?? 0) > 1.5 * Day ? 96 : 60 },
          { ...axis, size: 54, values: (_u, at) => at.map((v) => number(v, Math.abs(v) < 10 && v % 1 !== 0 ? 1 : 0)), label: p.unit, labelFont: "11px system-ui", labelSize: 16, labelGap: 0 },
        ],
        series: [
          { label: `time (${zoneName()})`, value: (_u, s) => (s == null ? "–" : time(s * 1000)) },
          ...p.lines.map(
            (l): uPlot.Series => ({
              label: l.label,
              stroke: l.stroke ? colour(l.stroke) : "transparent",
              width: l.stroke ? (l.width ?? 1.5) : 0,
              points: { size: 5, show: l.points ? (_: uPlot, k: number) => (props.current.lines[k - 1]?.values.filter((v) => v !== null).length ?? 0) < 80 : false }, // where they are told, and few
              spanGaps: false,
              value: (_u, v) => (v == null ? "–" : number(v, l.digits ?? 0)),
              ...(l.dash ? { dash: l.dash } : {}),
              ...(l.steps && uPlot.paths.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
              ...(l.told === false ? { class: "untold" } : {}),
            }),
          ),
        ],
        bands: (p.bands ?? []).map((b) => ({ series: [b.high + 1, b.low + 1] as [number, number], fill: colour(b.fill) })),
        hooks: {
          draw: [
            (u) => {
              const at = props.current.now;
              if (at === undefined) return;
              const x = Math.round(u.valToPos(at / 1000, "x", true));
              if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return;
              u.ctx.save();
              u.ctx.strokeStyle = colour("--quiet");
              u.ctx.setLineDash([4, 4]);
              u.ctx.beginPath();
              u.ctx.moveTo(x, u.bbox.top);
              u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
              u.ctx.stroke();
              u.ctx.restore();
            },
          ],
        },
      },
      data(),
      holder.current,
    );
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [shape, width === 0]);

  useEffect(() => plot.current?.setSize({ width, height }), [width, height]);
  useEffect(() => plot.current?.setData(data()), [p.times, p.lines]);
  return <div class="chart" ref={holder} role="img" aria-label={p.label} style={{ minHeight: `${height + 26}px` }} />;
}

/** A line without axes, for a trend beside a number. */
export function Spark({ values, band, label }: { values: (number | null)[]; band?: (readonly [number, number] | null)[]; label: string }) {
  const [w, h] = [96, 28];
  const all = [...values, ...(band ?? []).flatMap((b) => (b ? [b[0], b[1]] : []))].filter((v): v is number => v !== null && Number.isFinite(v));
  if (all.length < 2) return <svg class="spark" viewBox={`0 0 ${w} ${h}`} aria-hidden="true" />;
  const low = Math.min(...all);
  const span = Math.max(...all) - low || 1;
  const count = values.length + (band?.length ?? 0);
  const x = (k: number): string => ((k / Math.max(count - 1, 1)) * w).toFixed(1);
  const y = (v: number): string => (h - 2 - ((v - low) / span) * (h - 4)).toFixed(1);
  let path = "";
  let drawing = false;
  values.forEach((v, k) => {
    if (v === null || !Number.isFinite(v)) {
      drawing = false;
      return;
    }
    path += `${drawing ? "L" : "M"}${x(k)} ${y(v)}`;
    drawing = true;
  });
  const ahead = (band ?? []).map((b, k) => (b ? ([k + values.length, b] as const) : null)).filter((b) => b !== null);
  const area = ahead.length > 1 ? `M${ahead.map(([k, b]) => `${x(k)} ${y(b[0])}`).join("L")}L${ahead.slice().reverse().map(([k, b]) => `${x(k)} ${y(b[1])}`).join("L")}Z` : "";
  return (
    <svg class="spark" viewBox={`0 0 ${w} ${h}`} role="img" aria-label={label}>
      {area && <path class="ahead" d={area} />}
      <path d={path} fill="none" />
    </svg>
  );
}
