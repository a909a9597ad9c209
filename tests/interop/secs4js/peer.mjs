// An HSMS-SS end made of secs4js, driven by lines: node peer.mjs active|passive equipment|host PORT.
// It says on standard output what happens to it, and replies to every primary with the same body.
// In:  send STREAM FUNCTION W|- HEX     sml TEXT     linktest     separate
// Out: listening | selected | disconnected | message S F W|- HEX | reply S F HEX | failed TEXT |
//      item HEX | linktested | error TEXT
import { createInterface } from "node:readline";
import { HsmsActiveCommunicator, HsmsPassiveCommunicator, Secs2ItemParser, SmlParser } from "secs4js";

const [role, side, port] = process.argv.slice(2);
const say = (...words) => process.stdout.write(words.join(" ") + "\n");
const one_line = (error) => String(error?.message ?? error).replaceAll("\n", " ");
const hex = (item) => (item ? item.toBuffer().toString("hex") : "-");
const item_of = (text) => (text === "-" ? null : Secs2ItemParser.fromBuffer(Buffer.from(text, "hex")).item);

const config = { ip: "127.0.0.1", port: Number(port), deviceId: 0, isEquip: side === "equipment", name: "peer",
  timeoutT5: 1, linkTestInterval: 60_000, log: { enabled: false } };
const end = role === "active" ? new HsmsActiveCommunicator(config) : new HsmsPassiveCommunicator(config);

end.on("selected", () => say("selected"));
end.on("disconnected", () => say("disconnected"));
end.on("error", (error) => say("error", one_line(error)));
end.on("message", (message) => {
  say("message", message.stream, message.func, message.wBit ? "W" : "-", hex(message.body));
  if (message.wBit) end.reply(message, message.stream, message.func + 1, message.body).catch((e) => say("error", one_line(e)));
});

const commands = {
  async send(stream, func, w, body) {
    const reply = await end.send(Number(stream), Number(func), w === "W", item_of(body));
    if (reply) say("reply", reply.stream, reply.func, hex(reply.body));
  },
  async sml(...words) { say("item", hex(SmlParser.parseBody(words.join(" ")))); },
  async linktest() { await end.sendLinkTestReq(); say("linktested"); },
  async separate() { await end.sendSeparateReq(); },
};
createInterface({ input: process.stdin }).on("line", (line) => {
  const [name, ...words] = line.split(" ");
  commands[name](...words).catch((error) => say("failed", one_line(error)));
}).on("close", () => process.exit(0));

await end.open();
say("listening");
