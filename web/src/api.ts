// Asking the twin. A session's token is kept for this tab alone, and goes nowhere but to where the page came from.
import { signal } from "@preact/signals";
import type { Me, Permission, Session } from "./types";

const Kept = "fabtwin.session";
function kept(): Session | null {
  try {
    const text = sessionStorage.getItem(Kept);
    return text ? (JSON.parse(text) as Session) : null;
  } catch {
    return null;
  }
}

export const session = signal<Session | null>(kept());
export const me = signal<Me | null>(null);
export const whyOut = signal(""); // why one has to come in again
export function may(what: Permission): boolean {
  return me.value?.permissions.includes(what) ?? false;
}

export class Refused extends Error {
  constructor(
    readonly status: number, // 0: no answer at all
    message: string,
    readonly retryAfterS = 0,
  ) {
    super(message);
  }
}

const Patience = 20_000; // [ms]

async function answer(path: string, init: RequestInit, token: string | undefined): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (init.body) headers.set("Content-Type", "application/json");
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), Patience);
  init.signal?.addEventListener("abort", () => gone.abort());
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, signal: gone.signal, cache: "no-store" });
  } catch {
    throw new Refused(0, init.signal?.aborted ? "given up" : "the twin does not answer");
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) return response;
  let why = response.statusText || `status ${response.status}`;
  try {
    why = ((await response.json()) as { error?: string }).error ?? why;
  } catch {
    // Not ours; its status says enough.
  }
  throw new Refused(response.status, why, Number(response.headers.get("Retry-After")) || 0);
}

export function leave(why = ""): void {
  sessionStorage.removeItem(Kept);
  session.value = null;
  me.value = null;
  whyOut.value = why;
}

export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const token = session.peek()?.token;
  try {
    const response = await answer(path, init, token);
    return (await response.json()) as T;
  } catch (e) {
    if (e instanceof Refused && e.status === 401 && token && session.peek()?.token === token) leave(`Your session has ended (${e.message}).`);
    throw e;
  }
}
export function tell<T>(path: string, body?: unknown, method = "POST"): Promise<T> {
  return ask<T>(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

/** Comes in with a token of one use, or one of a session that goes on. */
export async function enter(token: string): Promise<void> {
  const response = await answer("v1/sessions", { method: "POST" }, token.trim());
  const given = (await response.json()) as Session;
  sessionStorage.setItem(Kept, JSON.stringify(given));
  whyOut.value = "";
  session.value = given;
  await whoAmI();
}
export async function whoAmI(): Promise<void> {
  me.value = await ask<Me>("v1/me");
}
export async function goOut(): Promise<void> {
  try {
    await ask("v1/tokens/current", { method: "DELETE" });
  } catch {
    // It ends by itself.
  }
  leave();
}
