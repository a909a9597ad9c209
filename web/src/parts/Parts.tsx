// Small things that every view uses.
import { Component, type ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Asked } from "./use";

/** A mistake of ours in one part leaves the others as they are, and says so. */
export class Contained extends Component<{ children: ComponentChildren }, { why: string }> {
  override state = { why: "" };
  override componentDidCatch(e: unknown): void {
    this.setState({ why: e instanceof Error ? e.message : String(e) });
  }
  override render() {
    return this.state.why ? (
      <section class="panel">
        <p class="bad" role="alert">
          This part cannot be shown ({this.state.why}).{" "}
          <button type="button" onClick={() => this.setState({ why: "" })}>
            Try again
          </button>
        </p>
      </section>
    ) : (
      this.props.children
    );
  }
}

/** What takes long to draw comes a frame later, so that a click is answered at once. */
export function Deferred({ height, children }: { height: number; children: ComponentChildren }) {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setReady(true), 30);
    return () => clearTimeout(timer);
  }, []);
  return ready ? <>{children}</> : <div style={{ minHeight: `${height}px` }} />;
}

export function Panel({ title, note, children, wide }: { title: string; note?: ComponentChildren; children: ComponentChildren; wide?: boolean }) {
  return (
    <section class={wide ? "panel wide" : "panel"}>
      <header>
        <h2>{title}</h2>
        {note !== undefined && <div class="note">{note}</div>}
      </header>
      {children}
    </section>
  );
}

/** What is there instead of something that is not: in words, and what to do. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** What is shown of a question until it is answered, and where it is not. */
export function Pending({ of, missing }: { of: Asked<unknown>; missing?: string }) {
  if (of.missing) return <Empty>{missing ?? of.problem}</Empty>;
  if (of.problem) {
    return (
      <p class="empty bad" role="alert">
        {of.problem}{" "}
        <button type="button" onClick={of.again}>
          Ask again
        </button>
      </p>
    );
  }
  return <p class="empty quiet">Asking the twin …</p>;
}

export function Facts({ rows }: { rows: [string, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export interface Column<T> {
  key: string;
  title: string;
  width: string; // of the grid
  right?: boolean;
  cell: (row: T) => ComponentChildren;
  order?: (row: T) => number | string; // what it is sorted by
}

const RowHeight = 30;

/** A table of any length: only the rows in sight are in the page. Sorted by a click on a head; arrow keys walk. */
export function Table<T>({ rows, columns, nameOf, open, label, height = 560, first }: {
  rows: T[];
  columns: Column<T>[];
  nameOf: (row: T) => string;
  open?: (row: T) => void;
  label: string;
  height?: number;
  first?: { key: string; down: boolean };
}) {
  const [by, setBy] = useState(first ?? { key: "", down: false });
  const [top, setTop] = useState(0);
  const [at, setAt] = useState(0);
  const body = useRef<HTMLDivElement>(null);
  const sorter = columns.find((c) => c.key === by.key)?.order;
  const sorted = sorter
    ? rows
        .map((row, k) => ({ row, k, v: sorter(row) }))
        .sort((a, b) => (a.v < b.v ? -1 : a.v > b.v ? 1 : a.k - b.k) * (by.down ? -1 : 1))
        .map((r) => r.row)
    : rows;
  const seen = Math.ceil(height / RowHeight) + 2;
  const from = Math.max(0, Math.min(Math.floor(top / RowHeight) - 1, sorted.length - 1));
  const grid = { gridTemplateColumns: columns.map((c) => c.width).join(" ") };
  const walk = (to: number): void => {
    const next = Math.max(0, Math.min(to, sorted.length - 1));
    setAt(next);
    const box = body.current;
    if (!box) return;
    if (next * RowHeight < box.scrollTop) box.scrollTop = next * RowHeight;
    if ((next + 1) * RowHeight > box.scrollTop + box.clientHeight) box.scrollTop = (next + 1) * RowHeight - box.clientHeight;
  };
  const onKey = (e: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((body.current?.clientHeight ?? height) / RowHeight) - 1);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: sorted.length - 1 };
    const to = steps[e.key];
    if (to !== undefined) {
      e.preventDefault();
      walk(to);
    }
    const row = sorted[at];
    if (e.key === "Enter" && open && row) open(row);
  };
  return (
    <div class="table" role="grid" aria-label={label} aria-rowcount={sorted.length}>
      <div class="tr head" role="row" style={grid}>
        {columns.map((c) => (
          <div role="columnheader" key={c.key} class={c.right ? "right" : ""} aria-sort={by.key === c.key ? (by.down ? "descending" : "ascending") : "none"}>
            {c.order ? (
              <button type="button" onClick={() => setBy({ key: c.key, down: by.key === c.key ? !by.down : false })}>
                {c.title}
                {by.key === c.key ? (by.down ? " ▾" : " ▴") : ""}
              </button>
            ) : (
              c.title
            )}
          </div>
        ))}
      </div>
      <div class="body" role="rowgroup" ref={body} tabIndex={0} aria-label={`${label}: rows`} style={{ maxHeight: `${height}px` }} onScroll={(e) => setTop((e.target as HTMLElement).scrollTop)} onKeyDown={onKey}>
        <div role="presentation" style={{ height: `${sorted.length * RowHeight}px`, position: "relative" }}>
          {sorted.slice(from, from + seen).map((row, k) => (
            <div
              role="row"
              class={from + k === at ? "tr at" : "tr"}
              key={nameOf(row)}
              aria-rowindex={from + k + 1}
              style={{ ...grid, position: "absolute", top: `${(from + k) * RowHeight}px`, left: 0, right: 0, height: `${RowHeight}px`, cursor: open ? "pointer" : "default" }}
              onClick={() => {
                setAt(from + k);
                open?.(row);
              }}
            >
              {columns.map((c) => (
                <div role="gridcell" key={c.key} class={c.right ? "right" : ""}>
                  {c.cell(row)}
                </div>
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

export function Tabs<K extends string>({ of, at, choose, label }: { of: readonly (readonly [K, string])[]; at: K; choose: (k: K) => void; label: string }) {
  const onKey = (e: KeyboardEvent): void => {
    const step = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const next = of[(of.findIndex(([k]) => k === at) + step + of.length) % of.length];
    if (!next) return;
    choose(next[0]);
    ((e.currentTarget as HTMLElement).querySelector(`[data-tab="${next[0]}"]`) as HTMLElement | null)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKey}>
      {of.map(([k, name]) => (
        <button type="button" role="tab" key={k} data-tab={k} aria-selected={k === at} tabIndex={k === at ? 0 : -1} onClick={() => choose(k)}>
          {name}
        </button>
      ))}
    </div>
  );
}
