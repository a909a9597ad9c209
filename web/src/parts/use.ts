// Asking for something as long as it is looked at.
import { useEffect, useRef, useState } from "preact/hooks";
import { ask, Refused } from "../api";

export interface Asked<T> {
  value: T | null; // the newest that came, also while a newer one is asked for
  problem: string;
  missing: boolean; // the twin knows no such thing
  asking: boolean;
  again: () => void;
}

/** Asks for `path` now, whenever `when` changes, and each `everyMs`; null: nothing is asked. */
export function useAsk<T>(path: string | null, everyMs = 0, when: unknown = 0): Asked<T> {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState("");
  const [missing, setMissing] = useState(false);
  const [asking, setAsking] = useState(path !== null);
  const [turn, setTurn] = useState(0);
  const asked = useRef(path);
  if (asked.current !== path) {
    asked.current = path;
    setValue(null); // of another thing
    setProblem("");
    setMissing(false);
  }
  useEffect(() => {
    if (path === null) return undefined;
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const once = async (): Promise<void> => {
      setAsking(true);
      try {
        const got = await ask<T>(path, { signal: gone.signal });
        if (gone.signal.aborted) return;
        setValue(got);
        setProblem("");
        setMissing(false);
      } catch (e) {
        if (gone.signal.aborted) return;
        setProblem(e instanceof Error ? e.message : String(e));
        setMissing(e instanceof Refused && e.status === 404);
      } finally {
        if (!gone.signal.aborted) setAsking(false);
      }
      if (everyMs > 0 && !gone.signal.aborted) timer = setTimeout(() => void (document.hidden ? later() : once()), everyMs);
    };
    // A page that nobody looks at asks for nothing.
    const later = (): void => {
      timer = setTimeout(() => void (document.hidden ? later() : once()), 1_000);
    };
    void once();
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [path, everyMs, when, turn]);
  return { value, problem, missing, asking, again: () => setTurn((t) => t + 1) };
}

/** The size of an element, as it changes. */
export function useSize<E extends HTMLElement>(): [{ current: E | null }, number, number] {
  const element = useRef<E | null>(null);
  const [size, setSize] = useState<[number, number]>([0, 0]);
  useEffect(() => {
    const of = element.current;
    if (!of) return undefined;
    const watch = new ResizeObserver(() => setSize([of.clientWidth, of.clientHeight]));
    watch.observe(of);
    setSize([of.clientWidth, of.clientHeight]);
    return () => watch.disconnect();
  }, []);
  return [element, size[0], size[1]];
}

/** Runs `draw` when what it draws, the theme or the zone changed, once a frame at most. */
export function useFrame(draw: () => void, on: unknown[]): void {
  useEffect(() => {
    const at = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(at);
  }, on);
}
