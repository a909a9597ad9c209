// What is kept in step with the twin while the page is open: the head of the fab, its groups, and news. A line that
// breaks is taken up where it broke; what was missed beyond that is read anew.
import { batch, signal } from "@preact/signals";
import { ask, Refused, session, tell } from "./api";
import type { Groups, Modes, Plan, State } from "./types";

export const state = signal<State | null>(null);
export const groups = signal<Groups | null>(null);
export const plan = signal<Plan | null>(null);
export const cases = signal(0); // grows when a decision was made
export const alarms = signal(0); // grows when an alarm came
export type Line = "connecting" | "live" | "lost";
export const line = signal<Line>("connecting");
export const lostSince = signal(0); // [ms] of this computer
export const problem = signal("");

type GroupChange = [group: number, able: number, queue: number, wip: number, ...modes: number[]];
const ModeOrder: (keyof Modes)[] = ["processing", "setup", "loading", "idle", "maintenance", "down"];

function changed(now: Groups, nowMs: number, changes: GroupChange[]): Groups {
  const all = now.groups.slice();
  for (const [at, able, queue, wip, ...modes] of changes) {
    const before = all[at];
    if (!before) continue;
    const after: Modes = { processing: 0, setup: 0, loading: 0, idle: 0, maintenance: 0, down: 0 };
    ModeOrder.forEach((mode, k) => (after[mode] = modes[k] ?? 0));
    all[at] = { ...before, able, queue, wip, modes: after };
  }
  return { now_ms: nowMs, groups: all };
}

let source: EventSource | null = null;
let lastId = "";
let again: ReturnType<typeof setTimeout> | undefined;
let wait = 500;
let watchdog: ReturnType<typeof setInterval> | undefined;
let lastSign = 0;
const Silence = 40_000; // [ms]; the twin gives a sign of life each 15 s

export async function readAnew(): Promise<void> {
  try {
    const [s, g] = await Promise.all([ask<State>("v1/state"), ask<Groups>("v1/groups")]);
    batch(() => {
      state.value = s;
      groups.value = g;
      problem.value = "";
      cases.value++;
      alarms.value++;
    });
    if (!plan.peek()) plan.value = await ask<Plan>("v1/fab");
  } catch (e) {
    problem.value = e instanceof Error ? e.message : String(e);
    throw e;
  }
}

function close(): void {
  source?.close();
  source = null;
  clearTimeout(again);
}

function lose(): void {
  close();
  if (!session.peek()) return;
  if (line.peek() !== "lost") {
    line.value = "lost";
    lostSince.value = Date.now();
  }
  again = setTimeout(() => void open(), wait * (0.7 + 0.6 * Math.random())); // not all viewers at once
  wait = Math.min(2 * wait, 15_000);
}

async function open(): Promise<void> {
  close();
  const token = session.peek()?.token;
  if (!token) return;
  let ticket: string;
  try {
    ticket = (await tell<{ token: string }>("v1/tickets")).token;
  } catch (e) {
    if (e instanceof Refused && e.retryAfterS > 0) wait = Math.max(wait, 1000 * e.retryAfterS);
    if (session.peek()) lose();
    return;
  }
  if (session.peek()?.token !== token) return;
  const query = new URLSearchParams({ ticket });
  if (lastId) query.set("last", lastId);
  const mine = new EventSource(`v1/events?${query}`);
  source = mine;
  const on = (kind: string, take: (json: unknown) => void): void => {
    mine.addEventListener(kind, (event) => {
      const message = event as MessageEvent<string>;
      lastSign = Date.now();
      if (message.lastEventId) lastId = message.lastEventId;
      take(message.data ? JSON.parse(message.data) : null);
    });
  };
  mine.onopen = () => {
    lastSign = Date.now();
    wait = 500;
    void readAnew().then(
      () => {
        line.value = "live";
      },
      () => mine === source && lose(),
    );
  };
  mine.onerror = () => mine === source && lose(); // a ticket opens one stream only: the browser's own retry would fail
  on("state", (json) => {
    const before = state.peek(); // the news leave out what changes seldom
    if (before) state.value = { ...before, ...(json as Partial<State>) };
  });
  on("groups", (json) => {
    const news = json as { now_ms: number; changes: GroupChange[] };
    const now = groups.peek();
    if (now) groups.value = changed(now, news.now_ms, news.changes);
  });
  on("decision", () => cases.value++);
  on("alarm", () => alarms.value++);
  on("lost", () => {
    lastId = "";
    void readAnew().catch(() => undefined);
  });
}

export function start(): void {
  line.value = "connecting";
  wait = 500;
  lastId = "";
  void open();
  clearInterval(watchdog);
  watchdog = setInterval(() => {
    if (line.peek() === "live" && source && Date.now() - lastSign > Silence) lose();
  }, 5_000);
}
export function stop(): void {
  close();
  clearInterval(watchdog);
  batch(() => {
    state.value = null;
    groups.value = null;
    plan.value = null;
    line.value = "connecting";
  });
}
addEventListener("online", () => {
  if (session.peek() && line.peek() === "lost") {
    wait = 500;
    void open();
  }
});
