import type { FastifyReply, FastifyRequest } from "fastify";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Device, OpenedSession } from "../access/open-session.ts";
import type { People } from "../people/people.ts";
import { proofHashOf, proofHeader, sessionCookie } from "./access.ts";

const options = { path: "/", httpOnly: true, secure: true, sameSite: "strict" } as const;
/** The mark of a browser in which people signed in before. It opens nothing, and stays after signing out. */
const deviceCookie = "__Host-totem-device";
/** The longest that browsers store a cookie (RFC 6265bis section 5.5). */
const deviceDays = 400;

/** The browser that signs in, with the proof that its page chose. */
export function deviceOf(request: FastifyRequest): Device {
  const proofHash = proofHashOf(request);
  if (proofHash === undefined)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: proofHeader, problem: "Send 32 random bytes or more in base64url." }],
    });
  return { proofHash, ip: request.ip, userAgent: request.headers["user-agent"] };
}

export const deviceMarkOf = ({ cookies }: FastifyRequest): string | undefined => cookies[deviceCookie];

interface SignedIn {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly opened: OpenedSession;
}

/** Gives the browser its session, and marks it as one that this person uses. */
export async function answerSignedIn(
  people: Pick<People, "markDevice">,
  { request, reply, opened }: SignedIn,
): Promise<FastifyReply> {
  const mark = await people.markDevice(deviceMarkOf(request), opened.personId);
  return reply
    .setCookie(sessionCookie, opened.token, { ...options, expires: opened.expiresAt })
    .setCookie(deviceCookie, mark, { ...options, maxAge: deviceDays * 86_400 })
    .status(204)
    .send(null);
}

export const withoutSessionCookie = (reply: FastifyReply): FastifyReply =>
  reply.clearCookie(sessionCookie, options);
