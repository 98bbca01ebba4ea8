import type { FastifyReply, FastifyRequest } from "fastify";
import type { Admitted } from "../access/live-rights.ts";
import { accessEnded } from "../request/reply.ts";
import { credentialsOf } from "./access.ts";

interface OpenRequest extends Admitted {
  readonly reply: FastifyReply;
  readonly work: AbortController;
  /** The check before which it came. */
  readonly before: number;
}

export interface OpenRequestParts {
  /** Those that would not be let in any more. */
  readonly findEnded: (open: readonly OpenRequest[]) => Promise<readonly OpenRequest[]>;
  readonly onError: (error: unknown) => void;
}

/** A request that has been open for one of these is looked at, and then after each: it ends about a second after its key. */
const checkEveryMs = 500;

/**
 * Requests that are being answered. What lasts, such as a stream of events or a wait for a code, ends soon after the
 * session or key that opened it, on every process: each asks the database while it has such requests, and only then.
 */
export function createOpenRequests({ findEnded, onError }: OpenRequestParts) {
  const open = new Set<OpenRequest>();
  let checks = 0;
  let checking = false;

  async function check(): Promise<void> {
    checks++;
    if (checking) return;
    checking = true;
    try {
      const lasting = [...open].filter(({ before }) => before < checks);
      for (const one of lasting.length > 0 ? await findEnded(lasting) : []) if (open.has(one)) end(one);
    } catch (error) {
      onError(error);
    } finally {
      checking = false;
    }
  }
  const timer = setInterval(() => void check(), checkEveryMs).unref();

  return {
    add: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const { caller } = request;
      const credentials = credentialsOf(request);
      // The administrator's key lasts as long as this process.
      if (!caller || !credentials || caller.provenBy === "admin_key") return;
      const work = new AbortController();
      request.ended = work.signal;
      const one = {
        caller,
        credentials,
        keyPairId: request.keyPairId,
        reply,
        work,
        before: checks + 1,
      };
      request.requireAdmitted = async () => {
        if ((await findEnded([one])).length > 0) throw accessEnded();
      };
      open.add(one);
      reply.raw.once("close", () => open.delete(one));
    },
    stop: async (): Promise<void> => clearInterval(timer),
  };
}

/**
 * What has begun to answer is cut, which a reader does not take for the end of it. What still works is told to stop, so
 * that its answer is a refusal; if it has not stopped at the next check, it is cut too.
 */
function end({ reply, work }: OpenRequest): void {
  if (reply.raw.headersSent || work.signal.aborted) reply.raw.destroy();
  work.abort(accessEnded());
}
