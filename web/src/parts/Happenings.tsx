// What the record says of one lot or tool, the newest first, each with the entry that it stands in.
import { exactTime, number } from "../format";
import { link } from "../route";
import type { DoubtReason, Happening } from "../types";
import { time } from "../format";
import { Empty } from "./Parts";

export function Happenings({ of, without }: { of: Happening[] | undefined; without: "lot" | "tool" }) {
  if (!of) return <Empty>The twin keeps no index of its record ([store] is off).</Empty>;
  if (of.length === 0) return <Empty>The record has nothing of it yet.</Empty>;
  return (
    <div class="scroll">
      <table class="plain">
        <thead>
          <tr>
            <th>When</th>
            <th>What</th>
            <th>{without === "lot" ? "Tool" : "Lot"}</th>
            <th>More</th>
            <th class="right">Entry</th>
          </tr>
        </thead>
        <tbody>
          {of
            .slice()
            .reverse()
            .map((e, k) => (
              <tr key={k}>
                <td>{exactTime(e.at_ms)}</td>
                <td>{e.kind}</td>
                <td>{without === "lot" ? e.tool && <a href={link("tools", e.tool)}>{e.tool}</a> : e.lot && <a href={link("lots", e.lot)}>{e.lot}</a>}</td>
                <td>{[e.step !== undefined ? `step ${e.step}` : "", e.recipe, e.item, e.value !== undefined ? `${number(e.value, 2)} ${e.unit ?? ""}` : ""].filter(Boolean).join(", ")}</td>
                <td class="right">
                  <a href={link("record", "entries", { entry: String(e.entry) })}>{number(e.entry)}</a>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

export function Doubts({ of }: { of: DoubtReason[] | undefined }) {
  if (!of || of.length === 0) return null;
  return (
    <div class="banner" role="status">
      <strong>The twin is not sure of this:</strong>
      <ul>
        {of.map((d, k) => (
          <li key={k}>
            {d.why} since {time(d.since_ms)}
            {d.event ? `, ${d.event}` : ""}
            {d.lot ? `, lot ${d.lot}` : ""}
            {d.tool ? `, tool ${d.tool}` : ""}
          </li>
        ))}
      </ul>
    </div>
  );
}
