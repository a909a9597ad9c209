// What tools did, hour by hour: a bar a job or an outage, a row a tool. Drag to move, wheel or + and - to zoom, arrow
// keys to walk. Only what is in sight is drawn: rows by their number, bars by a search in their row.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { clock, duration, exactTime, Hour, Minute, shortTime } from "../format";
import { go } from "../route";
import type { Jobs, Mode } from "../types";
import { ModeWords } from "./modes";
import { colour, themeTurn } from "./theme";
import { useFrame, useSize } from "./use";

export type Colouring = "mode" | "product" | "lot";

const Row = 20;
const Names = 130;
const Axis = 22;
// Okabe and Ito's eight without black, and lighter and darker ones of them.
const Hues = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8ac1e", "#8c8c8c", "#4a5fc1", "#a86a00", "#5bbd9b", "#8a4a6d"];

interface Bars {
  rows: { tool: number; bars: number[] }[]; // bars of each tool, by time
}

export function barsOf(jobs: Jobs): Bars {
  const rows = jobs.tools.map((_, tool) => ({ tool, bars: [] as number[] }));
  jobs.bar.tool.forEach((tool, k) => rows[tool]?.bars.push(k));
  for (const r of rows) r.bars.sort((a, b) => (jobs.bar.from[a] ?? 0) - (jobs.bar.from[b] ?? 0));
  return { rows };
}

/** The first of a row's bars that may end after t: bars of one tool overlap where it takes several lots at once. */
export function firstAfter(bars: number[], until: number[], longest: number, from: number[], t: number): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((from[bars[mid] ?? 0] ?? 0) < t - longest) low = mid + 1;
    else high = mid;
  }
  while (low < bars.length && (until[bars[low] ?? 0] ?? 0) < t) low++;
  return low;
}

const tickSteps = [5 * Minute, 15 * Minute, 30 * Minute, Hour, 2 * Hour, 4 * Hour, 6 * Hour, 12 * Hour, 24 * Hour, 48 * Hour];

export function Gantt({ jobs, by, height = 520 }: { jobs: Jobs; by: Colouring; height?: number }) {
  const [holder, width] = useSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const span = jobs.until_ms - jobs.from_ms;
  const [view, setView] = useState({ from: 0, span, top: 0 }); // [ms] after jobs.from_ms, [px]
  const [tip, setTip] = useState<{ x: number; y: number; text: string } | null>(null);
  const drag = useRef<{ x: number; y: number; from: number; top: number; moved: boolean } | null>(null);
  const bars = useMemo(() => barsOf(jobs), [jobs]);
  const longest = useMemo(() => jobs.bar.from.reduce((m, f, k) => Math.max(m, (jobs.bar.until[k] ?? f) - f), 0), [jobs]);
  const rows = bars.rows.length;
  const tall = Math.min(height, rows * Row + Axis);
  const reach = Math.max(0, rows * Row - (tall - Axis));
  const wide = Math.max(1, width - Names);
  const limit = (v: typeof view): typeof view => {
    const s = Math.max(2 * Minute, Math.min(v.span, span));
    return { span: s, from: Math.max(0, Math.min(v.from, span - s)), top: Math.max(0, Math.min(v.top, reach)) };
  };
  useEffect(() => setView((v) => limit(v)), [span, reach]);

  const fill = (k: number): string => {
    const mode = jobs.modes[jobs.bar.mode[k] ?? 0] ?? "idle";
    if (by === "mode" || mode === "down" || mode === "maintenance" || mode === "setup") return colour(`--${mode}`);
    const of = by === "product" ? (jobs.bar.product[k] ?? -1) : (jobs.bar.lot[k] ?? -1);
    return of < 0 ? colour("--processing") : (Hues[of % Hues.length] ?? "#888");
  };

  useFrame(() => {
    const c = canvas.current;
    if (!c || width === 0) return;
    const ratio = devicePixelRatio || 1;
    c.width = Math.round(width * ratio);
    c.height = Math.round(tall * ratio);
    c.style.width = `${width}px`;
    c.style.height = `${tall}px`;
    const g = c.getContext("2d");
    if (!g) return;
    g.scale(ratio, ratio);
    g.font = "11px system-ui, sans-serif";
    g.textBaseline = "middle";
    g.fillStyle = colour("--panel");
    g.fillRect(0, 0, width, tall);
    const x = (t: number): number => Names + ((t - view.from) / view.span) * wide;
    const step = tickSteps.find((s) => (s / view.span) * wide > 80) ?? 48 * Hour;
    const first = Math.ceil((jobs.from_ms + view.from) / step) * step;
    g.strokeStyle = colour("--line");
    g.fillStyle = colour("--quiet");
    for (let t = first; t < jobs.from_ms + view.from + view.span; t += step) {
      const at = Math.round(x(t - jobs.from_ms)) + 0.5;
      g.beginPath();
      g.moveTo(at, Axis);
      g.lineTo(at, tall);
      g.stroke();
      g.fillText(step >= 24 * Hour || new Date(t).getUTCHours() === 0 ? shortTime(t) : clock(t), at + 3, Axis / 2);
    }
    g.save();
    g.beginPath();
    g.rect(Names, Axis, wide, tall - Axis);
    g.clip();
    const seenFrom = Math.floor(view.top / Row);
    const seenTo = Math.min(rows, Math.ceil((view.top + tall - Axis) / Row));
    for (let r = seenFrom; r < seenTo; r++) {
      const y = Axis + r * Row - view.top;
      const of = bars.rows[r]?.bars ?? [];
      for (let i = firstAfter(of, jobs.bar.until, longest, jobs.bar.from, view.from); i < of.length; i++) {
        const k = of[i] ?? 0;
        const from = jobs.bar.from[k] ?? 0;
        if (from > view.from + view.span) break;
        const until = jobs.bar.until[k] ?? 0;
        if (until < view.from) continue;
        const a = Math.max(x(from), Names);
        const b = Math.min(x(until), width);
        g.fillStyle = fill(k);
        g.fillRect(a, y + 3, Math.max(1, b - a - (b - a > 3 ? 0.6 : 0)), Row - 6);
        const mode = jobs.modes[jobs.bar.mode[k] ?? 0];
        if (mode === "down" && b - a > 5) {
          // A pattern beside the colour.
          g.strokeStyle = colour("--panel");
          g.lineWidth = 1;
          g.beginPath();
          for (let s = a - Row; s < b; s += 6) {
            g.moveTo(Math.max(s, a), y + Row - 3 - Math.max(0, a - s));
            g.lineTo(Math.min(s + Row - 6, b), y + 3 + Math.max(0, s + Row - 6 - b));
          }
          g.stroke();
        }
        const lot = jobs.lots[jobs.bar.lot[k] ?? -1];
        if (lot && b - a > 7 * lot.length + 6) {
          g.fillStyle = by === "mode" ? colour("--ink") : "#fff";
          g.fillText(lot, a + 3, y + Row / 2 + 0.5);
        }
      }
    }
    const now = x(jobs.now_ms - jobs.from_ms);
    if (now >= Names && now <= width) {
      g.strokeStyle = colour("--accent");
      g.beginPath();
      g.moveTo(now, Axis);
      g.lineTo(now, tall);
      g.stroke();
    }
    g.restore();
    g.fillStyle = colour("--panel");
    g.fillRect(0, Axis, Names, tall - Axis);
    g.fillRect(0, 0, Names, Axis);
    g.fillStyle = colour("--ink");
    g.save();
    g.beginPath();
    g.rect(0, Axis, Names - 4, tall - Axis);
    g.clip();
    for (let r = seenFrom; r < seenTo; r++) g.fillText(jobs.tools[r] ?? "", 4, Axis + r * Row - view.top + Row / 2);
    g.restore();
  }, [jobs, view, width, tall, by, themeTurn.value]);

  const under = (px: number, py: number): { row: number; bar: number } => {
    const row = Math.floor((py - Axis + view.top) / Row);
    if (py < Axis || row < 0 || row >= rows) return { row: -1, bar: -1 };
    if (px < Names) return { row, bar: -1 };
    const t = view.from + ((px - Names) / wide) * view.span;
    const of = bars.rows[row]?.bars ?? [];
    for (let i = firstAfter(of, jobs.bar.until, longest, jobs.bar.from, t); i < of.length; i++) {
      const k = of[i] ?? 0;
      if ((jobs.bar.from[k] ?? 0) > t) break;
      if ((jobs.bar.until[k] ?? 0) >= t) return { row, bar: k };
    }
    return { row, bar: -1 };
  };
  const words = (row: number, k: number): string => {
    const from = jobs.from_ms + (jobs.bar.from[k] ?? 0);
    const until = jobs.from_ms + (jobs.bar.until[k] ?? 0);
    const mode = jobs.modes[jobs.bar.mode[k] ?? 0] as Mode;
    const lot = jobs.lots[jobs.bar.lot[k] ?? -1];
    const product = jobs.products[jobs.bar.product[k] ?? -1];
    return `${jobs.tools[row]}: ${ModeWords[mode]}${lot ? `\nlot ${lot}${product ? `, ${product}` : ""}` : ""}\n${exactTime(from)}\n${duration(until - from)}${until >= jobs.now_ms ? " so far" : ""}`;
  };
  const onMove = (e: PointerEvent): void => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return;
    const d = drag.current;
    if (d) {
      if (Math.abs(e.clientX - d.x) + Math.abs(e.clientY - d.y) > 4) d.moved = true;
      setView(limit({ span: view.span, from: d.from - ((e.clientX - d.x) / wide) * view.span, top: d.top - (e.clientY - d.y) }));
      setTip(null);
      return;
    }
    const { row, bar } = under(e.clientX - box.left, e.clientY - box.top);
    setTip(bar >= 0 ? { x: e.clientX, y: e.clientY, text: words(row, bar) } : null);
  };
  const onUp = (e: PointerEvent): void => {
    const d = drag.current;
    drag.current = null;
    canvas.current?.classList.remove("dragging");
    const box = canvas.current?.getBoundingClientRect();
    if (!d || d.moved || !box) return;
    const { row, bar } = under(e.clientX - box.left, e.clientY - box.top);
    const lot = bar >= 0 ? jobs.lots[jobs.bar.lot[bar] ?? -1] : undefined;
    if (lot) go("lots", lot);
    else if (row >= 0 && jobs.tools[row]) go("tools", jobs.tools[row] ?? "");
  };
  const zoom = (factor: number, at: number): void => {
    const t = view.from + at * view.span;
    setView(limit({ span: view.span * factor, from: t - at * view.span * factor, top: view.top }));
  };
  const onWheel = (e: WheelEvent): void => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return;
    e.preventDefault();
    if (e.ctrlKey || e.metaKey || e.clientY - box.top < Axis) zoom(Math.exp(e.deltaY / 400), Math.max(0, (e.clientX - box.left - Names) / wide));
    else if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) setView(limit({ ...view, from: view.from + ((e.deltaX || e.deltaY) / wide) * view.span }));
    else if (reach > 0) setView(limit({ ...view, top: view.top + e.deltaY }));
    else zoom(Math.exp(e.deltaY / 400), Math.max(0, (e.clientX - box.left - Names) / wide));
  };
  useEffect(() => {
    const c = canvas.current;
    c?.addEventListener("wheel", onWheel, { passive: false });
    return () => c?.removeEventListener("wheel", onWheel);
  });
  const onKey = (e: KeyboardEvent): void => {
    const part = view.span / 8;
    const next: Record<string, () => void> = {
      ArrowLeft: () => setView(limit({ ...view, from: view.from - part })),
      ArrowRight: () => setView(limit({ ...view, from: view.from + part })),
      ArrowUp: () => setView(limit({ ...view, top: view.top - Row })),
      ArrowDown: () => setView(limit({ ...view, top: view.top + Row })),
      PageUp: () => setView(limit({ ...view, top: view.top - tall + 2 * Row })),
      PageDown: () => setView(limit({ ...view, top: view.top + tall - 2 * Row })),
      "+": () => zoom(0.7, 0.5),
      "=": () => zoom(0.7, 0.5),
      "-": () => zoom(1.43, 0.5),
      Home: () => setView({ from: 0, span, top: 0 }),
    };
    const act = next[e.key];
    if (!act) return;
    e.preventDefault();
    act();
  };
  return (
    <div class="gantt" ref={holder}>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`What ${rows} tools did from ${exactTime(jobs.from_ms)} to ${exactTime(jobs.until_ms)}: ${jobs.bar.tool.length} bars. Arrow keys move, plus and minus zoom.`}
        onPointerDown={(e) => {
          drag.current = { x: e.clientX, y: e.clientY, from: view.from, top: view.top, moved: false };
          canvas.current?.setPointerCapture(e.pointerId);
          canvas.current?.classList.add("dragging");
        }}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerLeave={() => setTip(null)}
        onKeyDown={onKey}
      />
      {tip && (
        <div class="tip" style={{ left: `${Math.min(tip.x + 14, innerWidth - 240)}px`, top: `${tip.y + 14}px` }}>
          {tip.text}
        </div>
      )}
    </div>
  );
}
