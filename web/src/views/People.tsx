import { useState } from "preact/hooks";
import { may, tell } from "../api";
import { time } from "../format";
import { Empty, Panel, Pending } from "../parts/Parts";
import { useAsk } from "../parts/use";
import type { Role } from "../types";

interface AccountLine {
  name: string;
  roles: Role[];
  closed: boolean;
  tokens: number;
}
const All: Role[] = ["viewer", "engineer", "approver", "operator", "admin"];

export function Accounts() {
  const [turn, setTurn] = useState(0);
  const asked = useAsk<{ accounts: AccountLine[] }>(may("accounts") ? "v1/accounts" : null, 0, turn);
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<Role[]>(["viewer"]);
  const [given, setGiven] = useState<{ token: string; account: string; expires: number } | null>(null);
  const [wrong, setWrong] = useState("");
  if (!may("accounts")) return <Empty>Accounts are for an admin.</Empty>;
  const done = async (what: Promise<unknown>): Promise<void> => {
    try {
      const answer = (await what) as { token?: string; account?: string; expires?: number };
      if (answer.token && answer.account) setGiven({ token: answer.token, account: answer.account, expires: answer.expires ?? 0 });
      setWrong("");
      setTurn(turn + 1);
    } catch (e) {
      setWrong(e instanceof Error ? e.message : String(e));
    }
  };
  const toggle = (r: Role): void => setRoles(r === "admin" ? ["admin"] : [...roles.filter((x) => x !== r && x !== "admin"), ...(roles.includes(r) ? [] : [r])]);
  return (
    <>
      <h1>Accounts</h1>
      {given && (
        <Panel title={`A token for ${given.account}`} note={`of one use, until ${time(given.expires)}; shown this once`}>
          <p class="mono" role="status">{given.token}</p>
        </Panel>
      )}
      <Panel title="A new account">
        <form class="row" onSubmit={(e) => { e.preventDefault(); void done(tell("v1/accounts", { name, roles })); }}>
          <label>Name<input required value={name} pattern="[!-~]{1,64}" onInput={(e) => setName((e.target as HTMLInputElement).value)} /></label>
          <fieldset class="row">
            <legend class="sr">Roles</legend>
            {All.map((r) => (
              <label key={r} style={{ flexDirection: "row" }}>
                <input type="checkbox" checked={roles.includes(r)} onChange={() => toggle(r)} /> {r}
              </label>
            ))}
          </fieldset>
          <button class="main" type="submit" disabled={roles.length === 0}>Open</button>
        </form>
        {wrong && <p class="bad" role="alert">{wrong}</p>}
      </Panel>
      <Panel title="Accounts">
        {!asked.value ? <Pending of={asked} /> : (
          <table class="plain">
            <thead><tr><th>Name</th><th>Roles</th><th class="right">Tokens</th><th /></tr></thead>
            <tbody>
              {asked.value.accounts.map((a) => (
                <tr key={a.name}>
                  <td>{a.name}</td>
                  <td>{a.closed ? "closed" : a.roles.join(", ")}</td>
                  <td class="right">{a.tokens}</td>
                  <td>
                    {!a.closed && (
                      <span class="row">
                        <button type="button" onClick={() => void done(tell(`v1/accounts/${encodeURIComponent(a.name)}/tokens`))}>New token</button>
                        <button type="button" onClick={() => void done(tell(`v1/accounts/${encodeURIComponent(a.name)}/tokens`, undefined, "DELETE"))}>End its sessions</button>
                        <button type="button" class="danger" onClick={() => confirm(`Close the account ${a.name} for ever?`) && void done(tell(`v1/accounts/${encodeURIComponent(a.name)}`, undefined, "DELETE"))}>Close</button>
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </>
  );
}
