import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import {
  exchangeAnswer,
  exchangeBody,
  exchangeError,
  exchangeGrant,
  tokenTypes,
} from "../../../plugin/api/workload.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { App } from "../../request/app.ts";
import { beginRefusal } from "../../request/reply.ts";
import type { Workload } from "../../workload/workload.ts";
import { proofOfKeyOf } from "../access.ts";

export interface TokenExchangeRouteParts {
  readonly workload: Workload;
}

/** A token and a few short fields. */
const largestBody = 64 * 1024;

/** RFC 8693. Forms in, and errors as RFC 6749 has them: what clients of OAuth understand. */
export function tokenExchangeRoutes(app: App, { workload }: TokenExchangeRouteParts): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: largestBody },
      async (_request: FastifyRequest, body: string) => readForm(body),
    );
    (scope as unknown as App).post(
      "/api/v1/auth/token",
      {
        config: { access: { may: "public", anyName: true }, rateLimit: { max: 300 } },
        errorHandler: sendOAuthError,
        bodyLimit: largestBody,
        schema: {
          tags: ["auth"],
          summary: "Exchange a token of a trusted issuer for a short one of ours (RFC 8693)",
          description:
            "With a DPoP header (RFC 9449) the new token is bound to that key. A refused token is answered 400 invalid_request, whatever the reason was; the audit log has it.",
          consumes: ["application/x-www-form-urlencoded"],
          body: exchangeBody,
          response: { 200: exchangeAnswer, 400: exchangeError },
          security: [],
        },
      },
      async (request) => {
        const { body, ip, headers } = request;
        requireKnownExchange(body);
        const { token, isBound, expiresInSeconds, scopes } = await workload.exchange({
          token: body.subject_token,
          isIdToken: body.subject_token_type === tokenTypes.id_token,
          workspaceId: body.workspace_id,
          ip,
          proofOfKey: headers.dpop === undefined ? undefined : proofOfKeyOf(request),
        });
        return {
          access_token: token,
          issued_token_type: tokenTypes.access_token,
          token_type: isBound ? ("DPoP" as const) : ("Bearer" as const),
          expires_in: expiresInSeconds,
          scope: scopes.join(" "),
        };
      },
    );
  });
}

/** RFC 6749 section 3.2: no field comes twice, and one without a value is absent. */
function readForm(body: string): Record<string, string> {
  const fields = [...new URLSearchParams(body)].filter(([, value]) => value !== "");
  const form: Record<string, string> = Object.create(null);
  for (const [name, value] of fields) {
    if (name in form)
      throw new PluginError("INPUT_INVALID", {
        message: "Send each field once.",
        fields: [{ field: "body", problem: "A field came twice." }],
      });
    form[name] = value;
  }
  return { ...form };
}

/** What of RFC 8693 this server does. */
function requireKnownExchange(body: {
  readonly grant_type: string;
  readonly subject_token_type: string;
  readonly requested_token_type?: string | undefined;
}): void {
  const refuse = (field: string, problem: string) => {
    throw new PluginError("INPUT_INVALID", { message: problem, fields: [{ field, problem }] });
  };
  if (body.grant_type !== exchangeGrant) refuse("grant_type", `Must be ${exchangeGrant}.`);
  if (![tokenTypes.jwt, tokenTypes.id_token].some((type) => type === body.subject_token_type))
    refuse("subject_token_type", `Must be ${tokenTypes.jwt} or ${tokenTypes.id_token}.`);
  if ((body.requested_token_type ?? tokenTypes.access_token) !== tokenTypes.access_token)
    refuse("requested_token_type", `Only ${tokenTypes.access_token} is given.`);
}

function sendOAuthError(thrown: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isOther = thrown.code?.startsWith("FST_ERR_CTP") && thrown.code !== "FST_ERR_CTP_BODY_TOO_LARGE";
  const error = beginRefusal(isOther ? noForm() : thrown, reply);
  if (!error) return reply;
  const isProof = error.code === "PROOF_OF_KEY_REFUSED";
  const text = { error: nameOf(error), error_description: plain(wordsOf(error)), code: error.code };
  // At the exchange a wrong proof is a wrong request (RFC 9449 section 5).
  return reply
    .status(isProof ? 400 : error.status)
    .type("application/json")
    .send(JSON.stringify(text));
}

const noForm = (): PluginError => {
  const problem = "Send the fields as application/x-www-form-urlencoded.";
  return new PluginError("INPUT_INVALID", { message: problem, fields: [{ field: "body", problem }] });
};

function nameOf({ code, status, fields }: PluginError): string {
  if (code === "PROOF_OF_KEY_REFUSED") return "invalid_dpop_proof";
  if (fields?.some(({ field }) => field === "grant_type")) return "unsupported_grant_type";
  if (code === "RATE_LIMITED" || status === 503) return "temporarily_unavailable";
  return status >= 500 ? "server_error" : "invalid_request";
}

const wordsOf = ({ message, fields }: PluginError): string =>
  [message, ...(fields ?? []).map(({ field, problem }) => `${field}: ${problem}`)].join(" ");

/** RFC 6749 allows printable ASCII without quotes and backslashes. */
const plain = (text: string): string => text.replace(/[“”"]/g, "'").replace(/[^\x20-\x7e]|\\/g, "-");
