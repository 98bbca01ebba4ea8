import { createHmac } from "node:crypto";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { InboxSourceError } from "../../database/tables.ts";
import { type DueSource, giveBack, type WaitAtSource, waitsAtSource } from "./due-sources.ts";
import type { Receive } from "./receive-webhook.ts";
import { claimSeen, seenAs, wasSeen } from "./seen.ts";
import { type AskOutside, type SourceParts, secretPlace } from "./source-parts.ts";
import { bringerOf } from "./use-source.ts";

/** Whoever does not answer in this time is asked again later. */
const answerWithinMs = 10_000;
/** A source that goes on repeating a code it gave gives nothing new. */
const codeKeptMs = 24 * 60 * 60 * 1000;
/** So long may be what a source says: a message with a code in it, but no book. */
const longestAnswer = 100_000;

interface Asked {
  readonly error: InboxSourceError | null;
  readonly content: string;
}

/** Asks one source for the code somebody waits for, and delivers what it says. */
export const askSource =
  (parts: SourceParts, inbox: Pick<Receive, "receive">, ask: AskOutside) =>
  async (source: DueSource, stopping: AbortSignal): Promise<void> => {
    const keys = await parts.keyRing.forWorkspace(source.workspaceId);
    const secret = keys.open(secretPlace(source.id), source.sealedSecret);
    try {
      const run = onlyRun(await waitsAtSource(parts, source));
      const { error, content } = await askOutside(parts, ask, { source, secret, run, stopping });
      const brought = content !== "" && (await deliver(parts, inbox, { source, secret, run, content }));
      await giveBack(parts, source, { error, brought });
    } finally {
      secret.fill(0);
    }
  };

/** The run that waits, if nobody else does: then what comes is for it, and may go to nobody else. */
function onlyRun(waits: readonly WaitAtSource[]): WaitAtSource | undefined {
  const [first] = waits;
  return first?.runId != null && waits.every(({ runId }) => runId === first.runId) ? first : undefined;
}

interface Question {
  readonly source: DueSource;
  readonly secret: Uint8Array;
  readonly run: WaitAtSource | undefined;
}

async function askOutside(
  { clock }: SourceParts,
  ask: AskOutside,
  { source, secret, run, stopping }: Question & { readonly stopping: AbortSignal },
): Promise<Asked> {
  const body = {
    ...(run ? { task_id: run.runId, workflow_run_id: run.runId, workflow_permanent_id: run.workflowId } : {}),
    totp_identifier: source.address,
  };
  // The sender writes a body as JSON in this very way.
  const signature = createHmac("sha256", secret).update(JSON.stringify(body)).digest("hex");
  const timestamp = String(Math.floor(clock.now().getTime() / 1000));
  try {
    const answer = await ask({
      method: "POST",
      url: source.url,
      signal: AbortSignal.any([stopping, AbortSignal.timeout(answerWithinMs)]),
      content: async () => ({
        headers: {
          "content-type": "application/json",
          "x-skyvern-signature": signature,
          "x-skyvern-timestamp": timestamp,
        },
        body,
      }),
    });
    return readAnswer(answer);
  } catch (error) {
    const refused = error instanceof PluginError && error.code === "ADDRESS_REFUSED";
    return { error: refused ? "address_refused" : "unreachable", content: "" };
  }
}

function readAnswer({ status, body }: Awaited<ReturnType<AskOutside>>): Asked {
  if (status === 204) return { error: null, content: "" };
  if (status !== 200) return { error: "refused", content: "" };
  const said =
    typeof body === "object" && body !== null
      ? (body as { readonly verification_code?: unknown }).verification_code
      : undefined;
  if (said === null || (said === undefined && typeof body === "object")) return { error: null, content: "" };
  return typeof said === "string" && said.length <= longestAnswer
    ? { error: null, content: said.trim() }
    : { error: "unreadable", content: "" };
}

async function deliver(
  parts: SourceParts,
  inbox: Pick<Receive, "receive">,
  { source, secret, run, content }: Question & { readonly content: string },
): Promise<boolean> {
  const seen = seenAs(source.id, secret, "code", content);
  if (await wasSeen(parts, [seen])) return false;
  // Asked again: with somebody else waiting by now, it can no longer be said whose the code is.
  const waits = await waitsAtSource(parts, source);
  const isTheirs = run !== undefined && waits.every(({ runId }) => runId === run.runId);
  const { state } = await inbox.receive(
    {
      workspaceId: source.workspaceId,
      address: source.address,
      channel: "api",
      from: "",
      text: content,
      source: source.name,
      ...(isTheirs && run.runId !== null ? { runId: run.runId } : {}),
    },
    bringerOf(source),
  );
  await claimSeen(parts, seen, new Date(parts.clock.now().getTime() + codeKeptMs));
  return state === "stored";
}
