import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import * as initial from "./migrations/0001-initial.ts";
import * as lastUseOfCodes from "./migrations/0002-last-use-of-codes.ts";
import * as vault from "./migrations/0003-vault.ts";
import * as mcpTokens from "./migrations/0004-mcp-tokens.ts";
import * as locksOfTheSecondStep from "./migrations/0005-locks-of-the-second-step.ts";
import * as inbox from "./migrations/0006-inbox.ts";
import * as inboxSources from "./migrations/0007-inbox-sources.ts";
import * as secondOpinion from "./migrations/0008-second-opinion.ts";
import * as hosts from "./migrations/0009-hosts.ts";
import * as mailboxOfASource from "./migrations/0010-mailbox-of-a-source.ts";
import * as runProcesses from "./migrations/0011-run-processes.ts";
import * as people from "./migrations/0012-people.ts";
import * as approvals from "./migrations/0013-approvals.ts";
import * as grantsToPeople from "./migrations/0014-grants-to-people.ts";
import * as names from "./migrations/0015-names.ts";
import * as rolesFromGroups from "./migrations/0016-roles-from-groups.ts";
import * as whoHasAKey from "./migrations/0017-who-has-a-key.ts";
import * as rowsThatEnd from "./migrations/0018-rows-that-end.ts";
import * as hostInstallations from "./migrations/0019-host-installations.ts";
import * as workloadIdentity from "./migrations/0020-workload-identity.ts";
import * as toolsWithoutSideDoors from "./migrations/0021-tools-without-side-doors.ts";
import * as proxy from "./migrations/0023-proxy.ts";
import * as origins from "./migrations/0024-origins.ts";
import * as sealedLog from "./migrations/0025-sealed-log.ts";
import * as auditStreams from "./migrations/0026-audit-streams.ts";
import * as reachOfAgents from "./migrations/0027-reach-of-agents.ts";
import * as embeddedInstallations from "./migrations/0028-embedded-installations.ts";
import type { Tables } from "./tables.ts";

/** In order. A released name never changes. Listed in code, so that nothing depends on the working directory. */
const migrations: Readonly<Record<string, Migration>> = {
  "0001-initial": initial,
  "0002-last-use-of-codes": lastUseOfCodes,
  "0003-vault": vault,
  "0004-mcp-tokens": mcpTokens,
  "0005-locks-of-the-second-step": locksOfTheSecondStep,
  "0006-inbox": inbox,
  "0007-inbox-sources": inboxSources,
  "0008-second-opinion": secondOpinion,
  "0009-hosts": hosts,
  "0010-mailbox-of-a-source": mailboxOfASource,
  "0011-run-processes": runProcesses,
  "0012-people": people,
  "0013-approvals": approvals,
  "0014-grants-to-people": grantsToPeople,
  "0015-names": names,
  "0016-roles-from-groups": rolesFromGroups,
  "0017-who-has-a-key": whoHasAKey,
  "0018-rows-that-end": rowsThatEnd,
  "0019-host-installations": hostInstallations,
  "0020-workload-identity": workloadIdentity,
  "0021-tools-without-side-doors": toolsWithoutSideDoors,
  "0023-proxy": proxy,
  "0024-origins": origins,
  "0025-sealed-log": sealedLog,
  "0026-audit-streams": auditStreams,
  "0027-reach-of-agents": reachOfAgents,
  "0028-embedded-installations": embeddedInstallations,
};

/** Migrates a database to the newest schema. If several processes start together, one migrates and the others wait. */
export async function migrate(kysely: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results.find((result) => result.status === "Error")?.migrationName;
  const reason = error instanceof Error ? error.message : String(error);
  throw new Error(`The database could not be brought up to date${failed ? ` (${failed})` : ""}: ${reason}`, {
    cause: error,
  });
}
