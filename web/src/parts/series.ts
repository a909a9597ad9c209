// The history of a signal, as the historian summarises it.
import type { Series } from "../types";

/** Where it is asked for: from `back` ms before now to `ahead` ms after it, in so many points; null while nobody knows now. */
export function seriesPath(signal: string, now: number | undefined, back: number, points: number, ahead = 0): string | null {
  if (now === undefined) return null;
  const iso = (ms: number): string => new Date(ms).toISOString();
  return `v1/series?signal=${encodeURIComponent(signal)}&from=${iso(now - back)}&until=${iso(now + ahead)}&points=${points}`;
}

/** The middle of each pixel [ms]. */
export function pixelTimes(s: Series): number[] {
  return s.mean.map((_, k) => s.from_ms + ((k + 0.5) / s.pixels) * (s.until_ms - s.from_ms));
}
