import type { Kysely } from "kysely";
import type { OwnNames } from "../access/own-names.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { IssuerKeys } from "./issuer-keys.ts";

/** What this room is given. */
export interface WorkloadParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly issuerKeys: IssuerKeys;
  readonly ownNames: OwnNames;
  /** Where people and programs reach this server; known once its port is. */
  readonly addresses: { readonly apiBaseUrl: string };
  readonly defaultWorkspaceId: string;
}
