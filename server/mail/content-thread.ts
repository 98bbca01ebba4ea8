import { parentPort } from "node:worker_threads";
import { readContent } from "./read-content.ts";

/** The thread of parse-mail.ts: reads one mail after the other, and may be ended at any time. */
parentPort?.on("message", (bytes: Uint8Array) => {
  readContent(bytes).then(
    (content) => parentPort?.postMessage(content),
    // The error quotes the mail, so it stays here.
    () => parentPort?.postMessage("unreadable"),
  );
});
parentPort?.postMessage("ready");
