import type { FastifyReply, FastifyRequest } from "fastify";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createOpenRequests } from "../../../server/http/open-requests.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** As much of a request as is looked at: one with a cookie, whose answer has begun or not. */
function openOne(headersSent: boolean) {
  const raw = {
    headersSent,
    destroyed: false,
    once: () => raw,
    destroy: () => Object.assign(raw, { destroyed: true }),
  };
  const request = {
    caller: { kind: "person", provenBy: "cookie" },
    cookies: { "__Host-totem": "a" },
    headers: {},
    routeOptions: { config: {} },
  } as unknown as FastifyRequest;
  return { request, raw, reply: { raw } as unknown as FastifyReply };
}

it("H6: ends a stream within 2 seconds of its session, and a wait as soon, by a check each half second", async () => {
  const ended = new Set<unknown>();
  let asked = 0;
  const requests = createOpenRequests({
    findEnded: async (open) => {
      asked++;
      return open.filter(({ reply }) => ended.has(reply));
    },
    onError: (error) => expect(error).toBeUndefined(),
  });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toBe(0);
  const [stream, wait, other] = [openOne(true), openOne(false), openOne(true)];
  for (const { request, reply } of [stream, wait, other]) await requests.add(request, reply);
  for (const { reply } of [stream, wait]) ended.add(reply);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([stream.raw.destroyed, wait.request.ended?.aborted, other.raw.destroyed]).toEqual([
    true,
    true,
    false,
  ]);
  // A wait is asked to stop, and cut where it does not.
  expect(wait.raw.destroyed).toBe(false);
  await vi.advanceTimersByTimeAsync(500);
  expect([wait.raw.destroyed, other.raw.destroyed, other.request.ended?.aborted]).toEqual([
    true,
    false,
    false,
  ]);
  await requests.stop();
});
