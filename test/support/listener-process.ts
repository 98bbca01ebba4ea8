/** A mail listener in a process of its own, so that a test can measure its memory. It answers every message with figures. */
import { systemClock } from "../../server/clock.ts";
import { createMailParser } from "../../server/mail/parse-mail.ts";
import { listenForMail } from "../../server/mail/smtp-listener.ts";
import { takeMail } from "../../server/mail/take-mail.ts";

let delivered = 0;
const log = { info: () => {}, warn: () => {} };
const resolver = async () => {
  throw Object.assign(new Error("No such name."), { code: "ENOTFOUND" });
};
const listener = await listenForMail(
  { host: "127.0.0.1", port: 0, domain: "agents.example", size: 26_214_400, connections: 100 },
  {
    takeMail: takeMail.bind(null, {
      parser: createMailParser(systemClock),
      resolver,
      clock: systemClock,
      deliver: async () => ({ state: "stored", id: String(++delivered), kind: "none" }),
      log,
    }),
    knowsAddress: async () => true,
    trustedHops: { networks: [], authservIds: [] },
    log,
  },
);
process.on("message", () => {
  const { maxRSS } = process.resourceUsage();
  process.send?.({ port: listener.port, held: listener.held(), mostBytes: maxRSS * 1024, delivered });
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
