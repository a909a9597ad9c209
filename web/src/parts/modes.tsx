// What tools do, by the states of SEMI E10 as the twin knows them; each has a colour, a word and, on bars, a pattern.
import type { Mode, Modes } from "../types";

export const ModeWords: Record<Mode, string> = {
  processing: "Processing",
  setup: "Setup",
  loading: "Loading",
  idle: "Idle",
  maintenance: "Maintenance",
  down: "Down",
};
export const ModeList = Object.keys(ModeWords) as Mode[];

export function ModeLegend() {
  return (
    <div class="legend" aria-label="What the colours of tools mean">
      {ModeList.map((m) => (
        <span key={m}>
          <i class="dot" style={{ background: `var(--${m})` }} />
          {ModeWords[m]}
        </span>
      ))}
    </div>
  );
}

export function modesText(m: Modes): string {
  return ModeList.filter((k) => m[k] > 0)
    .map((k) => `${m[k]} ${ModeWords[k].toLowerCase()}`)
    .join(", ");
}

export function ModeMeter({ of }: { of: Modes }) {
  const all = ModeList.reduce((n, m) => n + of[m], 0) || 1;
  return (
    <div class="meter" role="img" aria-label={modesText(of)} title={modesText(of)}>
      {ModeList.map((m) => (of[m] > 0 ? <i key={m} style={{ width: `${(100 * of[m]) / all}%`, background: `var(--${m})` }} /> : null))}
    </div>
  );
}
