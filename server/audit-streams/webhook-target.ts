import { createHmac } from "node:crypto";
import { chainLine } from "../audit/chain-line.ts";
import type { Clock } from "../clock.ts";
import type { StreamSetting } from "./stream-settings.ts";
import { StreamProblem, type StreamTarget, type WaysOut } from "./stream-target.ts";

/** Posts a batch, signed as Totem wants webhooks signed that come in. Any status of 200 to 299 is the receipt. */
export const webhookTarget = (
  { url, secret }: StreamSetting,
  { post }: Pick<WaysOut, "post">,
  clock: Clock,
): StreamTarget => ({
  deliver: async (batch, signal) => {
    const [first] = batch;
    const body = `{"workspace_id":${JSON.stringify(first.row.workspace_id)},"first_sequence":${first.sequence},"last_sequence":${batch.at(-1)?.sequence},"events":[${batch.map(chainLine).join(",")}]}`;
    const time = String(Math.floor(clock.now().getTime() / 1000));
    const signature = createHmac("sha256", secret()).update(`${time}.${body}`).digest("hex");
    const { status } = await post({
      url: url.href,
      headers: {
        "content-type": "application/json",
        "x-totem-timestamp": time,
        "x-totem-signature": `v1=${signature}`,
      },
      body,
      signal,
    });
    if (status < 200 || status > 299) throw new StreamProblem(`The webhook answers with status ${status}.`);
  },
});
