import { z } from "zod";
import { oneTimeBody } from "../../plugin/api/vault.ts";
import { originPatterns } from "../../plugin/origin.ts";
import { plainText } from "../../plugin/plain-text.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, ownerOf } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import { type App, callerOf } from "../request/app.ts";
import { goneSignal } from "../request/reply.ts";
import { type ReadOneTime, readFields, readPasted, requireNoneGenerated } from "../vault/read-one-time.ts";
import type { Vault } from "../vault/vault.ts";
import type { FoundEntry } from "../vault/vault-entry.ts";
import { type ShapeError, sentenceOf } from "./dialect-errors.ts";

/** `/api/v2/totp`: what clients of Sendblue's TOTP API call. */
export interface TotpSecretsV2Parts {
  readonly vault: Vault;
  readonly clock: Clock;
}

/** Its client repeats a POST that got no answer, with no key to know it again by. */
const retriedWithinMs = 60_000;
/** Its lists have no pages. */
const longestList = 1_000;

const nullish = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);
const createBody = z.object({
  uri: nullish(z.string().max(10_000)),
  label: nullish(plainText(200).trim().min(1)),
  secret: nullish(z.string().max(1_000)),
  issuer: nullish(plainText(200)),
  algorithm: nullish(oneTimeBody.shape.algorithm.unwrap()),
  digits: nullish(oneTimeBody.shape.digits.unwrap()),
  period: nullish(oneTimeBody.shape.period.unwrap()),
  origins: nullish(originPatterns),
});
const totpSecret = z.object({
  id: z.uuid(),
  label: z.string(),
  issuer: z.string().nullable(),
  algorithm: z.string(),
  digits: z.int(),
  period: z.int(),
  created_at: z.iso.datetime(),
});
const status = z.literal("OK");
const ok = { status: "OK" } as const;
const params = z.object({ id: z.string().max(100) });
const tags = ["/api/v2/totp"];
/** Its client sends an id beside the secret; the secret is our key, the id is for people. */
const keyHeaders = ["sb-api-secret-key", "sb-api-key-id"];

export const shapeV2Error: ShapeError = (error) => {
  const code = error.code === "BODY_TOO_LARGE" ? 422 : error.status;
  return { status: code, body: { status: "ERROR", message: sentenceOf(error), error: error.code } };
};

const toTotpSecret = (entry: FoundEntry) => ({
  id: entry.id,
  label: entry.one_time?.account ?? entry.name,
  issuer: entry.one_time?.issuer ?? null,
  algorithm: entry.one_time?.algorithm ?? "SHA1",
  digits: entry.one_time?.digits ?? 6,
  period: entry.one_time?.period ?? 30,
  created_at: entry.created_at,
});

function readBody(body: z.output<typeof createBody>): ReadOneTime & { readonly label: string } {
  if (body.uri !== undefined) {
    const read = readPasted(body.uri, "uri");
    const { account, issuer } = read.oneTime;
    return { ...read, label: account ?? issuer ?? body.label ?? "Unnamed" };
  }
  if (body.label === undefined)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "label", problem: "Needed without a uri." }],
    });
  const { label, secret, issuer, algorithm, digits, period } = body;
  const fields = oneTimeBody.parse({ secret, issuer, algorithm, digits, period, account: label });
  return { ...readFields(fields, "secret"), label };
}

const nameFor = (label: string, issuer: string | null): string =>
  (issuer ? `${issuer}:${label}` : label)
    .replaceAll(/\p{C}+/gu, " ")
    .trim()
    .slice(0, 190) || "Unnamed";

const idOf = (id: string): { id: string } => {
  if (!z.uuid().safeParse(id).success) throw new PluginError("VAULT_ENTRY_NOT_FOUND");
  return { id };
};

export function totpSecretsV2Routes(app: App, { vault, clock }: TotpSecretsV2Parts): void {
  /** The entry that an identical request created a moment ago. A seed that was not received is replaced: it is told once. */
  const madeBefore = async (
    caller: AuthenticatedCaller,
    name: string,
    one: ReadOneTime,
  ): Promise<FoundEntry | undefined> => {
    const [newest] = await vault.list(caller, { limit: 1, name });
    const isFresh = newest && clock.now().getTime() - Date.parse(newest.created_at) < retriedWithinMs;
    if (!isFresh || newest.last_used_at || newest.owner.id !== ownerOf(caller).id) return undefined;
    if (one.generated !== undefined) {
      const shape = newest.one_time;
      const { oneTime } = one;
      const same =
        shape?.algorithm === oneTime.algorithm &&
        shape.digits === oneTime.digits &&
        shape.period === oneTime.period;
      return same && newest.metadata?.generated === true
        ? vault.replaceSecret(caller, { entry: { id: newest.id }, oneTime })
        : undefined;
    }
    return (await vault.holdsSecret(caller, { id: newest.id, oneTime: one.oneTime })) ? newest : undefined;
  };

  app.post(
    "/api/v2/totp/secrets",
    {
      config: { access: { may: ["vault:write"], agent: "key", keyHeaders, lasting: false } },
      schema: {
        tags,
        summary: "Register a TOTP secret",
        body: createBody,
        response: { 200: z.object({ status, totp_secret: totpSecret.extend({ secret: z.string() }) }) },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { label, ...one } = readBody(request.body);
      requireNoneGenerated(caller, one);
      const { oneTime } = one;
      const name = nameFor(label, oneTime.issuer);
      const known = await madeBefore(caller, name, one);
      const [entry] = known
        ? [known]
        : await vault.addAll(caller, [
            {
              name,
              type: "TOTP",
              data: {},
              metadata: one.generated === undefined ? null : { generated: true },
              oneTime: { ...oneTime, account: oneTime.account ?? label },
              origins: request.body.origins,
            },
          ]);
      if (!entry) throw new PluginError("INTERNAL");
      return { ...ok, totp_secret: { ...toTotpSecret(entry), secret: oneTime.secret } };
    },
  );

  app.get(
    "/api/v2/totp/secrets",
    {
      config: { access: { may: ["vault:read"], agent: "key", keyHeaders } },
      schema: {
        tags,
        summary: "List TOTP secrets, without the secrets",
        response: { 200: z.object({ status, totp_secrets: z.array(totpSecret) }) },
      },
    },
    async (request) => {
      const entries = await vault.list(callerOf(request), { limit: longestList, withOneTime: true });
      return { ...ok, totp_secrets: entries.map(toTotpSecret) };
    },
  );

  app.delete(
    "/api/v2/totp/secrets/:id",
    {
      config: { access: { may: ["vault:delete"], agent: "key", keyHeaders, lasting: false } },
      schema: { tags, summary: "Delete a TOTP secret", params, response: { 200: z.object({ status }) } },
    },
    async (request) => {
      await vault.delete(callerOf(request), idOf(request.params.id));
      return ok;
    },
  );

  app.get(
    "/api/v2/totp/code/:id",
    {
      config: { access: { may: ["vault:read", "codes:read"], agent: "key", keyHeaders } },
      schema: {
        tags,
        summary: "The code of this moment",
        params,
        response: {
          200: z.object({
            status,
            code: z.string(),
            expires_in: z.int().optional(),
            server_time: z.iso.datetime(),
            clock_skew_seconds: z.int().optional(),
          }),
        },
      },
    },
    async (request, reply) => {
      const issued = await vault.issueCode({
        caller: callerOf(request),
        entry: idOf(request.params.id),
        minRemaining: 0,
        signal: goneSignal(reply),
      });
      return {
        ...ok,
        code: issued.code,
        ...(issued.expires_in === null ? {} : { expires_in: issued.expires_in }),
        server_time: issued.server_time,
        ...(issued.clock_skew_seconds === undefined ? {} : { clock_skew_seconds: issued.clock_skew_seconds }),
      };
    },
  );
}
