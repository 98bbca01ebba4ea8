import type { Message } from "./message.ts";

/**
 * The last line of an SMS written for a browser: "@example.com #123456", perhaps "@top.example #123456 @example.com"
 * (Web Platform Incubator, "Origin-bound one-time codes delivered via SMS", section 3.1). The host is part of
 * the message's promise, so nothing is more certain.
 */
export type OriginBound = { value: string; host: string; start: number; end: number };

const form = /^@((?:[a-z0-9-]{1,63}\.){0,8}[a-z0-9-]{1,63}) #([^\s#@]{3,40})(?: @[a-z0-9.-]{1,253})?$/i;

export function findOriginBound({ text, body }: Message): OriginBound | undefined {
  const trimmed = text.trimEnd();
  const lineStart = Math.max(body, trimmed.lastIndexOf("\n") + 1);
  const line = trimmed.slice(lineStart);
  if (line.length > 400) return undefined;
  const found = form.exec(line);
  if (!found) return undefined;
  const [, host = "", value = ""] = found;
  const start = lineStart + host.length + 3;
  return { value, host: host.toLowerCase(), start, end: start + value.length };
}
