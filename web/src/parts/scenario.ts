// What takes long is asked for and then looked at until it is done: a trial, a what-if, a past moment.
import { ask } from "../api";
import type { ScenarioLine } from "../types";

const LookEvery = 300; // [ms]

/** Its result; null where nobody waits for it any more. An Error says why it failed. */
export async function resultOf<T>(id: string, gone: AbortSignal, seen?: (line: ScenarioLine) => void): Promise<T | null> {
  const path = `v1/scenarios/${encodeURIComponent(id)}`;
  for (;;) {
    const line = await ask<ScenarioLine>(path, { signal: gone });
    if (gone.aborted) return null;
    seen?.(line);
    if (line.stage === "failed") throw new Error(line.why);
    if (line.stage === "done") return ask<T>(`${path}/result`, { signal: gone });
    await new Promise((resolve) => setTimeout(resolve, LookEvery));
    if (gone.aborted) return null;
  }
}
