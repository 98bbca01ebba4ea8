import type { EgressLists } from "../../server/egress/allow-list.ts";
import type { ResolveName } from "../../server/egress/checked-lookup.ts";
import { createEgress } from "../../server/egress/egress.ts";
import { type FetchModel, fetchModelBy } from "../../server/model/language-model.ts";

/** One line of the log of what leaves. */
export interface OutboundLine {
  readonly level: "info" | "warn";
  readonly outbound: Readonly<Record<string, unknown>>;
}

/** A way out with lists as an operator's settings give them, and what it has written down. */
export function testEgress({
  allowedUrls = [],
  modelUrls = [],
  privateUrls = [],
  resolve,
}: Partial<EgressLists> & { readonly resolve?: ResolveName } = {}) {
  const lines: OutboundLine[] = [];
  const note = (level: OutboundLine["level"]) => (facts: object) =>
    void lines.push({ level, ...(facts as Pick<OutboundLine, "outbound">) });
  const egress = createEgress({
    lists: { allowedUrls, modelUrls, privateUrls },
    log: { info: note("info"), warn: note("warn") },
    resolve,
  });
  return { ...egress, lines };
}

/** The way to model servers that a test starts: each is listed by its address when it is first asked. */
export const fetchModelAt = (...urls: string[]): FetchModel => fetchModelBy(testEgress({ modelUrls: urls }));
