// A gain with its interval on one axis with zero; what came is beside it where it is known.
import { number, percent, signed } from "../format";
import type { Gain } from "../types";

export function gainWords(g: Gain, unit: string): string {
  return `${signed(g.mean, 2)} ${unit} [${signed(g.low, 2)}, ${signed(g.high, 2)}] at ${percent(g.share)}`;
}

export function GainRange({ of, came, unit, scale }: { of: Gain; came?: Gain; unit: string; scale?: readonly [number, number] }) {
  const all = [0, of.low, of.high, ...(came ? [came.low, came.high, came.mean] : []), ...(scale ?? [])];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const w = 360;
  const x = (v: number): number => 14 + ((v - least) / (most - least || 1)) * (w - 28);
  return (
    <svg class="range" viewBox={`0 0 ${w} 42`} role="img" aria-label={`Promised ${gainWords(of, unit)}${came ? `; came ${gainWords(came, unit)}` : ""}`}>
      <line class="axis" x1="10" x2={w - 10} y1="18" y2="18" />
      <line class="zero" x1={x(0)} x2={x(0)} y1="2" y2="32" />
      <rect class="span" x={x(of.low)} y="10" width={Math.max(2, x(of.high) - x(of.low))} height="16" />
      <rect class="mean" x={x(of.mean) - 1.5} y="6" width="3" height="24" />
      {came && (
        <>
          <line x1={x(came.low)} x2={x(came.high)} y1="18" y2="18" stroke="var(--curve-2)" stroke-width="3" />
          <circle class="came" cx={x(came.mean)} cy="18" r="4.5" />
        </>
      )}
      <text x={x(0)} y="41" text-anchor="middle">0</text>
      {x(of.high) - x(0) > 34 && <text x={x(of.high)} y="41" text-anchor="middle">{number(of.high, 2)}</text>}
      {x(0) - x(of.low) > 34 && <text x={x(of.low)} y="41" text-anchor="middle">{number(of.low, 2)}</text>}
    </svg>
  );
}
