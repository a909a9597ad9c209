// A wafer as its dies, and several of them stacked: at each die the share of those that failed.
import { useRef } from "preact/hooks";
import type { WaferMapData } from "../types";
import { colour, themeTurn } from "./theme";
import { useFrame } from "./use";

export interface Stack {
  rows: number;
  cols: number;
  maps: number; // those of that size
  tried: Float64Array; // [row * cols + col] dies there
  bad: Float64Array;
}

/** Those of the commonest size; others are left out, for their dies are not the same. */
export function stacked(maps: WaferMapData[]): Stack | null {
  const sizes = new Map<string, WaferMapData[]>();
  for (const m of maps) {
    const key = `${m.rows} ${m.cols}`;
    sizes.set(key, [...(sizes.get(key) ?? []), m]);
  }
  const most = [...sizes.values()].sort((a, b) => b.length - a.length)[0];
  const one = most?.[0];
  if (!most || !one) return null;
  const tried = new Float64Array(one.rows * one.cols);
  const bad = new Float64Array(one.rows * one.cols);
  for (const m of most) {
    for (let k = 0; k < tried.length; k++) {
      const die = m.dies[k];
      if (die !== "1" && die !== "2") continue;
      tried[k] = (tried[k] ?? 0) + 1;
      if (die === "2") bad[k] = (bad[k] ?? 0) + 1;
    }
  }
  return { rows: one.rows, cols: one.cols, maps: most.length, tried, bad };
}

export function stackOf(map: WaferMapData): Stack {
  return stacked([map]) as Stack;
}

export function WaferMap({ of, size, label }: { of: Stack; size: number; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useFrame(() => {
    const c = canvas.current;
    const g = c?.getContext("2d");
    if (!c || !g) return;
    const ratio = devicePixelRatio || 1;
    c.width = size * ratio;
    c.height = size * ratio;
    g.scale(ratio, ratio);
    g.clearRect(0, 0, size, size);
    g.fillStyle = colour("--wafer");
    g.beginPath();
    g.arc(size / 2, size / 2, size / 2 - 0.5, 0, 2 * Math.PI);
    g.fill();
    // Dies are not square in general; the wafer is round.
    const w = (size * 0.985) / of.cols;
    const h = (size * 0.985) / of.rows;
    const gap = Math.min(w, h) > 5 ? 0.8 : 0;
    const left = (size - w * of.cols) / 2;
    const top = (size - h * of.rows) / 2;
    const [good, bad] = [colour("--die-good"), colour("--die-bad")];
    for (let r = 0; r < of.rows; r++) {
      for (let q = 0; q < of.cols; q++) {
        const k = r * of.cols + q;
        const n = of.tried[k] ?? 0;
        if (n === 0) continue;
        const share = (of.bad[k] ?? 0) / n;
        g.globalAlpha = 1;
        g.fillStyle = good;
        g.fillRect(left + q * w, top + r * h, w - gap, h - gap);
        if (share > 0) {
          g.globalAlpha = of.maps > 1 ? Math.min(1, 0.12 + share) : 1;
          g.fillStyle = bad;
          g.fillRect(left + q * w, top + r * h, w - gap, h - gap);
        }
      }
    }
    g.globalAlpha = 1;
  }, [of, size, themeTurn.value]);
  return <canvas ref={canvas} style={{ width: `${size}px`, height: `${size}px` }} {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })} />;
}
