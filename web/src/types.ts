// What the twin answers (docs/api.md). Times are ms since 1970.

export type Triple = [low: number | null, median: number | null, high: number | null]; // 5 %, 50 %, 95 %; null: beyond
export interface Band {
  p05: number | null;
  p50: number | null;
  p95: number | null;
}

export type Role = "viewer" | "engineer" | "approver" | "operator" | "admin";
export type Permission =
  | "none" | "enter" | "read" | "what-if" | "propose" | "edit" | "approve" | "reject" | "carry-out" | "audit" | "accounts";
export interface Session {
  token: string;
  account: string;
  roles: Role[];
  expires: number;
}
export interface Me {
  account: string;
  roles: Role[];
  permissions: Permission[];
  expires: number;
}

export interface ScoreRow {
  quantity: string;
  ahead: string;
  scores: number;
  coverage90: number;
  coverage90_low: number;
  coverage90_high: number;
  rule: string;
  skill: number | null;
  skill_nominal: number | null;
}

export interface Modes {
  processing: number;
  setup: number;
  loading: number;
  idle: number;
  maintenance: number;
  down: number;
}
export type Mode = keyof Modes;

export interface State {
  site: string;
  now_ms: number;
  speed: number;
  ready: boolean;
  missing: string[];
  trouble?: string;
  data_age_ms: number;
  stale: boolean;
  diverged: string;
  silent: { lines: string; count: number; age_ms: number }[];
  wip: number;
  out_day: number;
  out_week: number;
  plan_day?: number; // lots whose due date fell within the last 24 h
  plan_week?: number;
  cycle_days: number; // 0: none
  flow_factor?: number; // 0: none
  on_time?: number | null; // share of the lots that left in the last 7 d
  tools: Modes;
  entries: number;
  messages_s?: number;
  duplicates: number;
  missing_messages: number;
  quarantined: number;
  late: number;
  anomalies: number;
  bottlenecks: { group: string; able: number; tools: number; queue: number; queue_ahead?: Band }[];
  scores: ScoreRow[];
  forecasts_missed: number;
  alarms: string[];
  alarms_open?: number;
  open_cases?: number;
  rule?: string;
  links?: { name: string; state: string; well: boolean }[];
  forecast?: {
    id: string;
    made_ms: number;
    members: number;
    ahead: string;
    wip: Band;
    out: (Band & { ahead: string })[];
    out_days: Band[];
  };
}

export interface Plan { // of /v1/fab: what does not change while the twin runs
  site: string;
  areas: { name: string; groups: number[] }[];
  groups: { name: string; area: number; tools: string[]; batch: boolean }[];
  products: { name: string; starts_per_day: number; steps: number }[];
  flows: { from: number; to: number; lots_per_day: number }[]; // areas; -1: from outside, to outside
  rules: string[];
}

export interface Group {
  name: string;
  area?: string;
  tools: number;
  able: number;
  queue: number;
  wip: number;
  modes?: Modes;
  queue_in_24_h?: Triple;
}
export interface Groups {
  now_ms: number;
  groups: Group[];
}
export interface GroupPage extends Group {
  now_ms: number;
  tools_now: { name: string; mode: string; lots: string[] }[];
  queue_now: { lot: string; step: string }[];
}

export interface LotRow {
  name: string;
  place: string;
  step: string;
  group: string;
  since_ms: number;
  wafers: number;
  priority: number;
  release_ms: number;
  due_ms: number;
  tool?: string;
  product?: string;
  done_hours?: Triple;
  on_time?: number | null;
}
export interface Lots {
  now_ms: number;
  forecast_ms?: number;
  lots: LotRow[];
}

export interface Happening {
  entry: number;
  at_ms: number;
  kind: string;
  lot?: string;
  tool?: string;
  chamber?: string;
  route?: string;
  step?: number;
  recipe?: string;
  item?: string;
  value?: number;
  unit?: string;
}
export interface DoubtReason {
  since_ms: number;
  why: string;
  event?: string;
  lot?: string;
  tool?: string;
}

export interface LotPage {
  name: string;
  now_ms: number;
  place: string;
  since_ms?: number;
  step?: string;
  tool?: string;
  wafers?: number;
  priority?: number;
  release_ms?: number;
  due_ms?: number;
  product?: string;
  route?: { at: number; steps: { name: string; group: string }[] };
  windows?: { opened: string; closes: string; limit_ms: number; violated: number; undecided: number }[];
  doubts?: DoubtReason[];
  forecast?: {
    made_ms: number;
    done_hours: Band;
    levels?: number[];
    done_quantiles?: (number | null)[];
    within_horizon: number;
    on_time: number | null;
    bottleneck_hours: Band;
  };
  events?: Happening[];
}

export interface ToolRow {
  name: string;
  group: string;
  mode: Mode;
  lots: string[];
  doubtful: boolean;
  factor: number;
}
export interface Tools {
  now_ms: number;
  tools: ToolRow[];
}
export interface ToolPage {
  name: string;
  now_ms: number;
  group?: string;
  mode?: string;
  jobs?: { lots: string[]; phase: string; step: string; start_ms: number; wafers: number }[];
  doubts?: DoubtReason[];
  process_time_factor?: number;
  parameters?: { name: string; low: number; median: number; high: number; seen: number; changed: number }[];
  forecast?: { made_ms: number; able_day: number; able_horizon: number };
  line?: string; // what its own does
  sources: { name: string; last_heard_ms: number; stale: boolean; clock_offset_ms: number; skewed: boolean; accepted: number; duplicates: number; quarantined: number; missing: number }[];
  signals?: string[];
  events?: Happening[];
}

export interface Jobs { // bars of a Gantt, as columns; -1: none
  now_ms: number;
  known_ms: number; // bars are complete from here on
  from_ms: number;
  until_ms: number;
  tools: string[];
  lots: string[];
  products: string[];
  modes: Mode[];
  bar: { tool: number[]; from: number[]; until: number[]; mode: number[]; lot: number[]; product: number[] }; // from, until: ms after from_ms
}

export interface EntryPage {
  entry: number;
  entries: number; // of the record, durable
  kind: string;
  at_ms: number;
  source?: string;
  sequence?: number;
  text?: string;
  raw?: { place: string; bytes: number; sha256: string; hex: string };
  events?: Record<string, unknown>[];
}

export interface Series {
  signal: string;
  from_ms: number;
  until_ms: number;
  pixels: number;
  points: number[];
  least: (number | null)[];
  mean: (number | null)[];
  most: (number | null)[];
  last?: { at_ms: number; value: number | null };
}

export interface ForecastPart { // of /v1/forecasts?of=
  id: string;
  of: string; // "fab" or a tool group
  now_ms: number;
  known_ms: number;
  members: number;
  horizon_hours: number;
  levels: number[];
  staleness: string;
  learnt: boolean;
  wip: (number | null)[][]; // [hour][level]
  queue?: (number | null)[][];
  able?: (number | null)[][];
  out?: (number | null)[][]; // [day][level]
  starts?: (number | null)[][];
  moves?: (number | null)[][];
}

export interface ScoreWindows {
  now_ms: number;
  rows: ScoreRow[];
  validations: number[];
  diverged: string;
  days: { day_ms: number; quantity: string; ahead: string; n: number; held90: number; crps: number; nominal: number | null; rule: number | null }[];
}

export interface AlarmGroup {
  cause: string;
  alarm: string;
  of: string[];
  text: string;
  response: string;
  priority: "low" | "medium" | "high";
  since_ms: number;
  count: number;
  active: number;
  announced: boolean;
  acknowledged: { who: string; at_ms: number } | null;
}
export interface Alarms {
  now_ms: number;
  settled_ms: number;
  flood: boolean;
  groups: AlarmGroup[];
  stale: { cause: string; alarm: string }[];
  chattering: { cause: string; alarm: string }[];
  shelved: { cause: string; alarm: string; who: string; reason: string; until_ms: number }[];
  totals: Record<string, number>;
}

export type Stage =
  | "proposed" | "edited" | "approved" | "rejected" | "expired" | "sent" | "acknowledged" | "failed" | "verified" | "undone";
export interface CaseLine {
  approvals: number;
  digest: string;
  expires: number;
  id: string;
  kind: string;
  number: number;
  persons: number;
  since: number;
  stage: Stage;
  target: string;
  words: string;
}
export interface Gain {
  low: number;
  mean: number;
  high: number;
  share: number;
}
export interface Recommendation {
  id: string;
  act: {
    kind: string; target: string; words: string; tool?: string; recipe?: string; lot?: string; before?: string; parameter?: string;
    unit?: string; value?: number; from?: number; policy?: string; policy_from?: string; until?: number;
  };
  why: {
    rule: string;
    binding: string;
    factors: { name: string; unit: string; value: number; weight: number }[];
    flips: { change: string; flips: boolean; instead: string }[];
  };
  benefit: { objective: string; unit: string; gain: Gain; horizon_ms: number; probability_best: number; compared: number; runs: number };
  downside: { probability_worse: number; cvar: number; level: number };
  assumed: { state_at: number; state: string; target: string; gaps: { from: number; of: string }[]; model: string; configuration: string; seed: string };
  what_if: { words: string; gain: Gain }[];
  edit?: { least: number; most: number };
  undo: { reversal: "whole" | "partly" | "none"; how: string; cannot: string };
  past: { id: string; likeness: number; outcome: string; promised: number; realised: number }[];
  command?: string;
  made: number;
  expires: number;
  proposer: string;
  role: Role;
  persons: number;
  level: number;
}
export interface Outcome {
  at: number;
  became: string;
  from: number;
  until: number;
  objective: string;
  unit: string;
  promised: Gain;
  realised: Gain;
  inside: boolean;
  method: string;
}
export interface Case {
  content: Recommendation;
  digest: string;
  stage: Stage;
  since: number;
  approvals: { at: number; capacity: string; person: string; signature?: string }[];
  editors: string[];
  entries: number;
  history: string;
}

export type ChangeKind = "tool-down" | "mix" | "hot-lot" | "maintenance-moved" | "tool-bought" | "policy";
export interface Change {
  kind: ChangeKind;
  tool?: string;
  group?: string;
  lot?: string;
  product?: string;
  from?: number;
  to?: number;
  starts_per_day?: number;
  count?: number;
  policy?: string;
}
export interface ScenarioLine {
  id: string;
  kind: "what-if" | "trial";
  stage: "waiting" | "done" | "failed";
  at: number;
  by: string;
  why: string;
  words: string;
}
export interface Changed {
  as_it_is: number;
  otherwise: number;
  change: number;
  half_width: number | null;
  confidence: number;
}
export interface WhatIfResult {
  words: string;
  changes: string[];
  state_at_ms: number;
  rule: string;
  horizon_h: number;
  pairs: number;
  seed: string;
  tardiness_h: Changed;
  weighted_tardiness_h: Changed;
  hot_tardiness_h: Changed;
  cycle_time_h: Changed;
  lots_out: Changed;
  wip: Changed;
  queue_time_violations: Changed;
  queues: (Changed & { group: string })[];
  course?: { hours: number[]; wip: Course; out: Course };
}
export interface Course { // [hour], means over the pairs; difference: otherwise less as it is, with its 90 % over the pairs
  as_it_is: number[];
  otherwise: number[];
  low: number[];
  difference: number[];
  high: number[];
}

export interface AuditLine {
  number: number;
  at: number;
  kind: string;
  text: string;
}
export interface WaferIndex {
  source: string;
  licence: string;
  generated: boolean;
  maps: { id: number; lot: string; wafer: number; rows: number; cols: number; dies: number; bad: number; label: string }[];
}
export interface WaferMapData {
  id: number;
  lot: string;
  wafer: number;
  label: string;
  rows: number;
  cols: number;
  dies: string; // a character a die, row by row: "." none, "1" good, "2" bad
}

export interface PastMoment { // of /v1/moments: the twin as it was
  at_ms: number;
  arrived_ms: number;
  entries: number;
  wip: number;
  tools: Modes;
  groups: Group[];
  lots: LotRow[];
  belief: string; // hash
  seconds: number;
}
