import { readStream } from "../../server/audit-streams/stream-settings.ts";
import type { WaysOut } from "../../server/audit-streams/stream-target.ts";
import { streamWays } from "../../server/stream-ways.ts";
import { testEgress } from "./test-egress.ts";

/** The ways out of a server whose operator has set these streams. */
export const waysTo = (...addresses: readonly string[]): WaysOut =>
  streamWays(
    testEgress({
      privateUrls: addresses.flatMap((address) => {
        const { origin } = readStream(address);
        return origin === undefined ? [] : [{ purpose: "log" as const, url: origin }];
      }),
    }),
  );
