// How far the twin is to be trusted now, in one word, and why.
import { duration, percent } from "./format";
import type { State } from "./types";

export interface Trust {
  word: string;
  sign: string;
  tone: "good" | "warn" | "bad" | "";
  why: string[];
  coverage: number | null; // of the worst quantity a day ahead that has scores enough to tell
}

const Enough = 20; // effectively independent scores

export function trust(s: State): Trust {
  const why: string[] = [];
  let tone: Trust["tone"] = "good";
  const worse = (to: "warn" | "bad"): void => {
    if (tone !== "bad") tone = to;
  };
  if (s.trouble) {
    worse("bad");
    why.push(`the record: ${s.trouble}`);
  }
  if (s.diverged) {
    worse("bad");
    why.push(`to be validated again: ${s.diverged}`);
  }
  if (s.stale) {
    worse("bad");
    why.push(`data are ${duration(s.data_age_ms)} old; forecasts are widened`);
  } else {
    why.push(`data are ${duration(s.data_age_ms)} old`);
  }
  for (const silent of s.silent) {
    worse("warn");
    why.push(`${silent.count} ${silent.lines} lines silent for ${duration(silent.age_ms)}`);
  }
  if (s.missing_messages > 0) {
    worse("warn");
    why.push(`${s.missing_messages} messages are missing`);
  }
  if (!s.ready) {
    worse("warn");
    why.push("not ready: " + s.missing.join("; "));
  }
  const scored = s.scores.filter((r) => r.scores >= Enough);
  let coverage: number | null = null;
  for (const row of scored) {
    coverage = Math.min(coverage ?? 1, row.coverage90);
    if (row.coverage90_high < 0.85) {
      worse("warn");
      why.push(`${row.quantity} ${row.ahead} ahead: its 90 % intervals hold ${percent(row.coverage90)}`);
    }
  }
  if (scored.length > 0 && tone === "good") why.push(`90 % intervals of ${scored.length} kinds of forecasts hold ${percent(coverage)} or more`);
  if (scored.length === 0) {
    why.push("too few forecasts have been scored to say how far they hold");
    if (tone === "good") return { word: "not scored yet", sign: "○", tone: "", why, coverage };
  }
  const word = s.trouble ? "record in trouble" : s.diverged ? "not valid" : s.stale ? "stale" : tone === "good" ? "in step" : "with care";
  return { word, sign: tone === "good" ? "●" : tone === "warn" ? "▲" : "■", tone, why, coverage };
}
