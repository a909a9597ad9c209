// The frame: the door, the head that is always in sight, and the page that one is on.
import { useEffect } from "preact/hooks";
import { enter, me, session, whoAmI } from "./api";
import { Head } from "./Head";
import { start, stop } from "./live";
import { Contained } from "./parts/Parts";
import { link, place } from "./route";
import { CasePage, Decisions } from "./views/Decisions";
import { Door } from "./views/Door";
import { ForecastPage } from "./views/Forecast";
import { GroupView } from "./views/Group";
import { LotView } from "./views/Lot";
import { LotsPage } from "./views/Lots";
import { Overview } from "./views/Overview";
import { Accounts } from "./views/People";
import { RecordPage } from "./views/Record";
import { ToolView } from "./views/Tool";
import { ToolsPage } from "./views/Tools";
import { WafersPage } from "./views/Wafers";
import { WhatIf } from "./views/WhatIf";

function Page() {
  const { page, name } = place.value;
  switch (page) {
    case "overview":
      return <Overview />;
    case "forecast":
      return <ForecastPage />;
    case "tools":
      return name ? <ToolView key={name} name={name} /> : <ToolsPage />;
    case "groups":
      return <GroupView key={name} name={name} />;
    case "lots":
      return name ? <LotView key={name} name={name} /> : <LotsPage />;
    case "wafers":
      return <WafersPage />;
    case "decisions":
      return name ? <CasePage key={name} id={name} /> : <Decisions />;
    case "what-if":
      return <WhatIf id={name} />;
    case "record":
      return <RecordPage part={name} />;
    case "people":
      return <Accounts />;
    default:
      return (
        <section class="panel">
          <h2>There is no page “{page}”</h2>
          <p class="empty">
            <a href={link("overview")}>To the overview</a>
          </p>
        </section>
      );
  }
}

// A link may bring a token of one use: "#token=...". It is used at once and does not stay in the history.
function brought(): string {
  const found = /^#token=([!-~]+)$/.exec(location.hash);
  if (!found?.[1]) return "";
  history.replaceState(null, "", "#/overview");
  place.value = { page: "overview", name: "", query: new URLSearchParams() };
  return decodeURIComponent(found[1]);
}

export function App() {
  const token = session.value?.token;
  useEffect(() => {
    const once = brought();
    if (once) void enter(once).catch(() => undefined);
  }, []);
  useEffect(() => {
    if (!token) return undefined;
    if (!me.peek()) void whoAmI().catch(() => undefined);
    start();
    return stop;
  }, [token]);
  useEffect(() => {
    document.title = `fabtwin: ${place.value.name || place.value.page}`;
    scrollTo(0, 0);
  }, [place.value.page, place.value.name]);
  if (!token) return <Door />;
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById("main")?.focus(); }}>
        To the content
      </a>
      <Contained>
        <Head />
      </Contained>
      <main id="main" tabIndex={-1}>
        <Contained key={`${place.value.page}/${place.value.name}`}>
          <Page />
        </Contained>
      </main>
    </>
  );
}
