import { enrolmentPreview, importAnswer, importBody, previewBody } from "../../../plugin/api/vault.ts";
import type { EnrolmentEntry, EntriesReading } from "../../../plugin/enrolment/enrolment-entry.ts";
import { readEnrolment } from "../../../plugin/enrolment/read-enrolment.ts";
import { isRefusal } from "../../../plugin/enrolment/refusals.ts";
import { type App, callerOf } from "../../request/app.ts";
import { originsOf } from "../../vault/origins.ts";
import { enrolmentError, toOneTime } from "../../vault/read-one-time.ts";
import type { VaultRouteParts } from "./vault.ts";

const access = { may: ["vault:write"], agent: "key", lasting: false } as const;

function read(text: string): EntriesReading {
  const reading = readEnrolment(text);
  if (isRefusal(reading)) throw enrolmentError(reading, "text");
  return reading;
}

/** One line of text, as a vault entry's name has to be. */
const nameOf = ({ label }: EnrolmentEntry): string =>
  label
    .replaceAll(/\p{C}+/gu, " ")
    .trim()
    .slice(0, 190) || "Unnamed";

/** Several entries at once. A preview shows what a text holds before anything is stored. */
export function vaultImportRoutes(app: App, { vault }: VaultRouteParts): void {
  app.post(
    "/api/v1/vault/import/preview",
    {
      config: { access },
      schema: {
        tags: ["vault"],
        summary: "What an export or a link holds, without its secrets",
        body: previewBody,
        response: { 200: enrolmentPreview },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { source, entries, refused, batch } = read(request.body.text);
      const taken = await vault.ownNames(caller, entries.map(nameOf));
      return {
        source,
        entries: entries.map((entry, index) => ({
          index,
          name: nameOf(entry),
          type: entry.type,
          issuer: entry.issuer,
          account: entry.account,
          algorithm: entry.algorithm,
          digits: entry.digits,
          period: entry.period,
          warnings: [...entry.warnings],
          has_login: entry.login !== undefined,
          origins: originsOf(entry.login?.uris ?? []),
          taken: taken.has(nameOf(entry)),
        })),
        refused: refused.map(({ index, reason, message }) => ({ index, reason, message })),
        batch: batch ? { ...batch } : null,
      };
    },
  );

  app.post(
    "/api/v1/vault/import",
    {
      config: { access },
      schema: {
        tags: ["vault"],
        summary: "Keep what an export or a link holds",
        body: importBody,
        response: { 201: importAnswer },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { text, indexes, origins = [] } = request.body;
      const said = new Map(origins.map((one) => [one.index, one.origins]));
      const chosen = read(text)
        .entries.map((entry, index) => ({ ...entry, origins: said.get(index) }))
        .filter((_, index) => indexes === undefined || indexes.includes(index));
      const entries = await vault.addAll(
        caller,
        chosen.map((entry) => ({
          name: nameOf(entry),
          type: entry.login ? "LOGIN" : "TOTP",
          data: entry.login
            ? { username: entry.login.username, password: entry.login.password, uris: [...entry.login.uris] }
            : {},
          oneTime: toOneTime(entry, "text"),
          origins: entry.origins,
        })),
      );
      return reply.status(201).send({ entries });
    },
  );
}
