import { useState } from "preact/hooks";
import { enter, whyOut } from "../api";

export function Door() {
  const [token, setToken] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const come = async (e: Event): Promise<void> => {
    e.preventDefault();
    setBusy(true);
    setWrong("");
    try {
      await enter(token);
    } catch (problem) {
      setWrong(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="door">
      <form class="panel" onSubmit={(e) => void come(e)}>
        <h1>fabtwin</h1>
        {whyOut.value && <p class="bad" role="status">{whyOut.value}</p>}
        <label>
          Token
          <input type="password" autocomplete="one-time-code" required value={token} aria-describedby="door-help" onInput={(e) => setToken((e.target as HTMLInputElement).value)} />
        </label>
        {wrong && <p class="bad" role="alert">{wrong}</p>}
        <button class="main" type="submit" disabled={busy || token.trim() === ""}>
          {busy ? "Coming in …" : "Come in"}
        </button>
        <p class="quiet" id="door-help">
          There are no passwords. An admin gives you a token that can be used once; the first start of <code>fabtwin serve</code> prints
          one for the first admin. It opens a session of 12 h in this tab.
        </p>
      </form>
    </main>
  );
}
