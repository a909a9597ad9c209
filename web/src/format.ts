// Numbers, times and durations as people read them: with their unit, and times with their zone.
import { signal } from "@preact/signals";

export type Zone = "UTC" | "local";
export const zone = signal<Zone>((localStorage.getItem("fabtwin.zone") as Zone | null) === "local" ? "local" : "UTC");
export function setZone(next: Zone): void {
  zone.value = next;
  localStorage.setItem("fabtwin.zone", next);
}

export const Minute = 60_000;
export const Hour = 60 * Minute;
export const Day = 24 * Hour;
export const Dash = "–"; // nothing is known

const two = (n: number): string => String(n).padStart(2, "0");

function localZone(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const sign = minutes < 0 ? "−" : "+";
  const size = Math.abs(minutes);
  return `UTC${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

interface Parts {
  date: string;
  clock: string;
  seconds: string;
  zone: string;
}

function parts(ms: number): Parts {
  const d = new Date(ms);
  if (zone.value === "local") {
    return {
      date: `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`,
      clock: `${two(d.getHours())}:${two(d.getMinutes())}`,
      seconds: two(d.getSeconds()),
      zone: localZone(d),
    };
  }
  return {
    date: d.toISOString().slice(0, 10),
    clock: d.toISOString().slice(11, 16),
    seconds: d.toISOString().slice(17, 19),
    zone: "UTC",
  };
}

/** "2026-03-01 08:00 UTC" */
export function time(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return Dash;
  const p = parts(ms);
  return `${p.date} ${p.clock} ${p.zone}`;
}
/** "2026-03-01 08:00:07 UTC" */
export function exactTime(ms: number): string {
  const p = parts(ms);
  return `${p.date} ${p.clock}:${p.seconds} ${p.zone}`;
}
/** "08:00", of an axis whose zone is told beside it. */
export function clock(ms: number): string {
  return parts(ms).clock;
}
/** "03-01 08:00", likewise. */
export function shortTime(ms: number): string {
  const p = parts(ms);
  return `${p.date.slice(5)} ${p.clock}`;
}
export function zoneName(): string {
  return parts(Date.now()).zone;
}

/** "3 d 4 h", the two largest parts. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return Dash;
  const sign = ms < 0 ? "−" : "";
  let rest = Math.abs(ms);
  if (rest < 1000) return "0 s";
  const units: [number, string][] = [
    [Day, "d"],
    [Hour, "h"],
    [Minute, "min"],
    [1000, "s"],
  ];
  const first = units.findIndex(([size]) => rest >= size);
  const [size, name] = units[first]!;
  const whole = Math.floor(rest / size);
  rest -= whole * size;
  const next = units[first + 1];
  const more = next ? Math.floor(rest / next[0]) : 0;
  return `${sign}${whole} ${name}${next && more > 0 ? ` ${more} ${next[1]}` : ""}`;
}

/** Thousands apart by thin spaces: "12 345.6". */
export function number(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return Dash;
  const [whole = "0", part] = Math.abs(value).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
  const zero = Number(whole) === 0 && (!part || Number(part) === 0);
  return `${value < 0 && !zero ? "−" : ""}${grouped}${part ? `.${part}` : ""}`;
}
export function percent(share: number | null | undefined, digits = 0): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return Dash;
  return `${number(100 * share, digits)} %`;
}
/** With its sign: "+3.2". */
export function signed(value: number, digits = 1): string {
  const text = number(value, digits);
  return value > 0 && text !== number(0, digits) ? `+${text}` : text;
}
/** "12 [8, 15]" of 5 %, median and 95 %. */
export function spread(q: readonly (number | null)[] | undefined, digits = 0): string {
  if (!q) return Dash;
  const one = (v: number | null | undefined): string => (v === null || v === undefined ? "∞" : number(v, digits));
  return `${one(q[1])} [${one(q[0])}, ${one(q[2])}]`;
}
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}
