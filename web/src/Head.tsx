// What is always in sight: where one is, how the fab is, and how far the twin is to be trusted now.
import { goOut, me } from "./api";
import { duration, exactTime, setZone, zone } from "./format";
import { line, lostSince, problem, state } from "./live";
import { setTheme, theme, type Theme } from "./parts/theme";
import { link, place } from "./route";
import { trust } from "./trust";
import { useEffect, useState } from "preact/hooks";
import { tell } from "./api";

const Pages = [
  ["overview", "Overview"],
  ["forecast", "Forecast"],
  ["tools", "Tools"],
  ["lots", "Lots"],
  ["wafers", "Wafers"],
  ["decisions", "Decisions"],
  ["what-if", "What if"],
  ["record", "Record"],
] as const;

function OwnToken() {
  const [given, setGiven] = useState("");
  return given ? (
    <span class="mono" role="status">{given}</span>
  ) : (
    <button type="button" class="plain" onClick={() => void tell<{ token: string }>("v1/tokens").then((t) => setGiven(t.token), (e: unknown) => setGiven(String(e)))}>
      A token for another day
    </button>
  );
}

function Lost() {
  const [, turn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => turn((n) => n + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="banner bad" role="alert">
      <strong>Connection lost</strong> {duration(Date.now() - lostSince.value)} ago. What you see is of then; it is taken up again by itself.
    </div>
  );
}

export function Head() {
  const s = state.value;
  const at = place.value.page;
  const t = s ? trust(s) : null;
  const who = me.value;
  return (
    <header class="top">
      <div class="bar">
        <span class="name">
          fabtwin <span class="quiet">{s?.site ?? ""}</span>
        </span>
        {s && (
          <span title={s.speed === 1 ? "the site's time" : `the site's time, which runs ${s.speed} times as fast as ours`}>
            {exactTime(s.now_ms)}
            {s.speed !== 1 && <span class="quiet"> ({s.speed} × real time)</span>}
          </span>
        )}
        {t && (
          <a class={`chip ${t.tone}`} href={link("forecast", "", { part: "scores" })} title={t.why.join("\n")}>
            <span aria-hidden="true">{t.sign}</span> {t.word}
          </a>
        )}
        <span class={`chip ${line.value === "live" ? "" : "warn"}`} role="status">
          {line.value === "live" ? "live" : line.value === "lost" ? "not connected" : "connecting …"}
        </span>
        <span class="grow" />
        <span class="who">
          <label class="row">
            <span class="sr">Time zone</span>
            <select value={zone.value} onChange={(e) => setZone((e.target as HTMLSelectElement).value as "UTC" | "local")}>
              <option value="UTC">UTC</option>
              <option value="local">Local time</option>
            </select>
          </label>
          <label class="row">
            <span class="sr">Colours</span>
            <select value={theme.value} onChange={(e) => setTheme((e.target as HTMLSelectElement).value as Theme)}>
              <option value="auto">Auto</option>
              <option value="dark">Dark</option>
              <option value="light">Light</option>
            </select>
          </label>
          <details class="account">
            <summary>{who ? `${who.account} (${who.roles.join(", ")})` : "…"}</summary>
            <div class="menu panel">
              {who?.permissions.includes("accounts") && <a href={link("people")}>Accounts</a>}
              <OwnToken />
              <button type="button" onClick={() => void goOut()}>
                Leave
              </button>
              <a href="./licences.txt">Licences</a>
            </div>
          </details>
        </span>
      </div>
      <div class="bar">
        <nav aria-label="Pages">
          {Pages.map(([page, name]) => (
            <a key={page} href={link(page)} aria-current={at === page || (page === "tools" && at === "groups") ? "page" : undefined}>
              {name}
              {page === "decisions" && (s?.open_cases ?? 0) > 0 && <span class="count">{s?.open_cases}</span>}
              {page === "overview" && (s?.alarms_open ?? 0) > 0 && <span class="count bad">{s?.alarms_open}</span>}
            </a>
          ))}
        </nav>
      </div>
      {line.value === "lost" && <Lost />}
      {line.value !== "lost" && problem.value && (
        <div class="banner bad" role="alert">
          <strong>{problem.value}</strong>
        </div>
      )}
      {s && !s.ready && (
        <div class="banner" role="status">
          <strong>Not ready:</strong> {s.missing.join("; ")}
        </div>
      )}
      {s?.trouble && (
        <div class="banner bad" role="alert">
          <strong>Record:</strong> {s.trouble}
        </div>
      )}
    </header>
  );
}
