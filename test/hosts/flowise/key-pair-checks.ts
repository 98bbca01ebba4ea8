import { renameSync } from "node:fs";
import { join } from "node:path";
import type { Checks } from "../checks.ts";
import { keyPairsOf, requirePrivate } from "../key-pairs.ts";
import type { Flows } from "./example-flows.ts";
import { equal, holds, verified } from "./seen.ts";
import type { FlowiseUnderTest } from "./start-flowise.ts";

/** A Flowise that signs: enrolled by itself, copied to another machine, and enrolled again by a person. */
export async function checkKeyPairs(
  checks: Checks,
  { flowise, totem, register }: FlowiseUnderTest,
  { flow }: Flows,
): Promise<void> {
  const pairs = keyPairsOf(totem, "flowise");
  const file = join(flowise.folder, "totem-key-pair.pem");

  await checks.check("Flowise has enrolled a key pair by itself, and keeps it private", async () => {
    verified(await flowise.ask(flow));
    requirePrivate(file);
    const { fingerprint } = await pairs.pair("pending");
    holds(flowise.output(), `Its fingerprint is ${fingerprint}.`);
    return `${fingerprint}, which its log shows too`;
  });

  await checks.check(
    "confirmed by a person, Flowise signs, and a copied service key alone is refused",
    async () => {
      await pairs.confirm();
      verified(await flowise.ask(flow));
      const { status, code } = await pairs.callWithKeyAlone();
      equal([status, code], [401, "SIGNATURE_REFUSED"]);
      return `${status} ${code}`;
    },
  );

  await checks.check(
    "the copied credential is refused on another machine, which says what to do",
    async () => {
      // Flowise with all its data, credentials and encryption key, in a folder without this machine's key pair.
      await flowise.stop();
      renameSync(file, `${file}.kept`);
      await flowise.start([register]);
      const { text } = await flowise.ask(flow);
      holds(text, "Totem does not know this Flowise yet");
      holds(text, (await pairs.pair("pending")).fingerprint);
      return text;
    },
  );

  await checks.check("a lost key pair is removed by a person, who confirms the next one", async () => {
    await pairs.removeConfirmed();
    holds((await flowise.ask(flow)).text, "Totem does not know this Flowise yet");
    const fingerprint = await pairs.confirm();
    verified(await flowise.ask(flow));
    return fingerprint;
  });
}
