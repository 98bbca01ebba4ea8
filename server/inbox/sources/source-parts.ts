import type { InboxParts } from "../inbox-parts.ts";

/** Sends one request to an address of the operator's list, and to no other; answers what came back. */
export type AskOutside = (request: {
  readonly method: string;
  readonly url: string;
  readonly content: () => Promise<{
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  }>;
  readonly signal: AbortSignal;
}) => Promise<{ readonly status: number; readonly body: unknown }>;

/** What the ways in are built from. */
export type SourceParts = Pick<InboxParts, "db" | "keyRing" | "clock" | "mailDomain">;

export const secretPlace = (id: string) => ({ table: "inbox_source", rowId: id, column: "sealed_secret" });
