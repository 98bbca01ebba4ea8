import { parentPort } from "node:worker_threads";
import { readContent } from "./read-content.ts";

/** The other side of content-reader.ts: reads one mail after the other, in a thread that may be ended. */
parentPort?.on("message", (bytes: Uint8Array) => {
  readContent(bytes).then(
    (content) => parentPort?.postMessage(content),
    // The error quotes the mail, and there is nothing to mend.
    () => parentPort?.postMessage("unreadable"),
  );
});
parentPort?.postMessage("ready");
