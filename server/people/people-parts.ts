import type { Kysely } from "kysely";
import type { SecondStep } from "../access/second-step.ts";
import type { StudioSessions } from "../access/studio-sessions.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";

/** What this room is given. */
export interface PeopleParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly keyRing: KeyRing;
  readonly studioSessions: StudioSessions;
  readonly secondStep: SecondStep;
  /** TOTEM_PUBLIC_URL: the site that passkeys belong to, beside localhost. */
  readonly publicUrl: string | undefined;
  /** Its keys seal what belongs to the whole installation. */
  readonly defaultWorkspaceId: string;
}
