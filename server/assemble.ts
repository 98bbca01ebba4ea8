import type { FastifyBaseLogger } from "fastify";
import type { Logger } from "pino";
import { PluginError } from "../plugin/plugin-error.ts";
import { authenticate } from "./access/authenticate.ts";
import { createHostInstallations } from "./access/host-installations.ts";
import { findEnded } from "./access/live-rights.ts";
import { createMcpTokens } from "./access/mcp-tokens.ts";
import { createProxyCredentials } from "./access/proxy-credentials.ts";
import { createSecondStep } from "./access/second-step.ts";
import { createServiceKeys } from "./access/service-keys.ts";
import { recordForeignCookie } from "./access/session-caller.ts";
import { createStudioSessions } from "./access/studio-sessions.ts";
import { callAsTool } from "./access/tool-calls.ts";
import { createApprovals } from "./approvals/approvals.ts";
import { createApprovalSweeper } from "./approvals/sweep-approvals.ts";
import { Sealer } from "./audit/chain/sealer.ts";
import { checkWitnesses, readWitness, storeWitnesses } from "./audit/chain/witness-file.ts";
import { createSealedLog } from "./audit/sealed-log.ts";
import { createAuditStreams } from "./audit-streams/audit-streams.ts";
import { readStream } from "./audit-streams/stream-settings.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Database } from "./database/open-database.ts";
import { mayOnlyAdd } from "./database/prepare-schema.ts";
import { registerDialects } from "./dialects/dialects.ts";
import { createDoor } from "./door/door.ts";
import type { ResolveName } from "./egress/checked-lookup.ts";
import { createEgress } from "./egress/egress.ts";
import { largestAnswer, parseBody } from "./egress/send-outbound.ts";
import { egressLists } from "./egress-lists.ts";
import { createHttpServer } from "./http/http-server.ts";
import { judgeProgram } from "./judge-program.ts";
import { hostInUrl } from "./listen-on.ts";
import { createLogger } from "./logger.ts";
import { createMailSettings } from "./mail-settings.ts";
import { mcpRoutes } from "./mcp/mcp-routes.ts";
import { fetchModelBy } from "./model/language-model.ts";
import { createExecutors } from "./nodes/executors.ts";
import type { CallOwnApi } from "./nodes/node-parts.ts";
import { openInbox } from "./open-inbox.ts";
import { openSystem, studioFolder, studioHost, totemVersion } from "./open-system.ts";
import { createPeople } from "./people/people.ts";
import { createSingleSignOn } from "./people/single-sign-on.ts";
import { createAuthorities } from "./proxy/authority.ts";
import { createProxy } from "./proxy/proxy.ts";
import { createReach } from "./reach/reach.ts";
import type { App } from "./request/app.ts";
import { hashToken } from "./secrets/bearer-token.ts";
import type { Settings } from "./settings.ts";
import { streamWays } from "./stream-ways.ts";
import { createRunEngine, type RunEngine } from "./workflow/run-engine.ts";
import { createModelKeys } from "./workflow/workflows.ts";
import { createWorkload } from "./workload/workload.ts";

/** What a test, or a host that embeds Totem, gives instead of the usual. */
export interface Overrides {
  readonly clock?: Clock;
  readonly database?: Database;
  readonly logger?: Logger;
  /** Asks for the addresses of a name. */
  readonly resolveName?: ResolveName;
}

/** Wires the rooms together. Everything a server and a worker do is the same but for the port and the studio. */
export async function assemble(settings: Settings, overrides: Overrides, getAdminKey: () => string) {
  const { clock = systemClock, logger = createLogger(settings.TOTEM_LOG_LEVEL) } = overrides;
  const system = await openSystem({
    settings,
    clock,
    database: overrides.database,
    onError: (err) => logger.warn({ err }, "the database connection had trouble"),
  });
  const { database, keyRing, agentUsers, vault, handles, workflows, hostWorkflows, defaultWorkspaceId } =
    system;
  const db = database.kysely;
  const adminKeyHash = await hashOrClose(getAdminKey, database);
  const apiBaseUrl =
    settings.TOTEM_PUBLIC_URL ?? `http://${hostInUrl(settings.TOTEM_HOST)}:${settings.TOTEM_PORT}`;
  // Known once the port is: 0 takes a free one.
  const addresses = { apiBaseUrl, studioUrl: apiBaseUrl, mailDomain: settings.TOTEM_MAIL_DOMAIN };

  let app: App | undefined;
  const callOwnApi: CallOwnApi = async ({ method, path, caller, body, fill }) => {
    const api = app;
    if (!api) throw new Error("The API is not there yet.");
    const answer = await callAsTool({ caller: { ...caller, provenBy: "tool" }, fill }, async () => {
      // Awaited in here: the request begins when it is waited for.
      return await api.inject({
        method: method as "GET",
        url: path,
        headers: body === undefined ? {} : { "content-type": "application/json" },
        // As text: a body that is a number or a string is JSON too.
        payload: body === undefined ? undefined : JSON.stringify(body),
      });
    });
    if (answer.body.length > largestAnswer)
      throw new PluginError("UPSTREAM_FAILED", { message: "The answer is too large for a model." });
    return { status: answer.statusCode, body: parseBody(answer.body) };
  };
  let engine: RunEngine | undefined;
  const suspension = () => {
    if (!engine) throw new Error("Runs are not there yet.");
    return engine.suspension;
  };
  const egress = createEgress({ lists: egressLists(settings), log: logger, resolve: overrides.resolveName });
  const inboxRoom = openInbox({
    system,
    settings,
    clock,
    logger,
    egress,
    // Runs need their tools, and this one needs the runs.
    runs: {
      tell: (trx, arrivals) => suspension().tell(trx, arrivals),
      resume: (trx, runIds) => suspension().resume(trx, runIds),
      wake: (runIds) => suspension().wake(runIds),
    },
  });
  const { inbox } = inboxRoom;
  const approvals = createApprovals({
    db,
    clock,
    keyRing,
    sendOutbound: egress.sendFor("webhook"),
    addresses,
    runs: {
      resume: (trx, runIds) => suspension().resume(trx, runIds),
      wake: (runIds) => suspension().wake(runIds),
    },
  });
  const approvalSweeper = createApprovalSweeper({
    settle: approvals.settle,
    tell: approvals.tell,
    onError: (err) => logger.warn({ err }, "questions to people could not be swept"),
  });
  const door = createDoor({ vault, handles, now: clock.now });
  const reach = createReach({ db, clock });
  const executors = createExecutors({
    agentUsers,
    callOwnApi,
    reach,
    sendOutbound: egress.sendFor("tool"),
    server: addresses,
    vault,
    inbox,
    approvals,
    handles,
    door,
    now: clock.now,
  });
  const proxyCredentials = createProxyCredentials({ db, clock });
  const proxy = createProxy({
    authorities: createAuthorities({ db, keyRing, clock }),
    credentials: proxyCredentials,
    door,
    egress,
    vault,
    log: logger,
    defaultWorkspaceId,
    judgeFor: (caller) => judgeProgram.bind(null, { db, reach }, caller),
  });
  engine = createRunEngine({
    database,
    keys: keyRing,
    clock,
    log: logger,
    executors,
    host: studioHost,
    fetchModel: fetchModelBy(egress),
  });
  const sessionIdleMs = settings.TOTEM_SESSION_IDLE_HOURS * 3_600_000;
  const studioSessions = createStudioSessions({
    db,
    clock,
    adminKeyHash,
    defaultWorkspaceId,
    sessionMs: settings.TOTEM_SESSION_DAYS * 86_400_000,
    sessionIdleMs,
  });

  const secondStep = createSecondStep({ db, clock, keyRing });
  const people = createPeople({
    db,
    clock,
    keyRing,
    studioSessions,
    secondStep,
    defaultWorkspaceId,
    publicUrl: settings.TOTEM_PUBLIC_URL,
  });

  const ownNames = { publicUrl: settings.TOTEM_PUBLIC_URL, host: settings.TOTEM_HOST };
  const authentication = {
    db,
    clock,
    adminKeyHash,
    defaultWorkspaceId,
    sessionIdleMs,
    ownNames,
  };
  const auditStreams = createAuditStreams({
    db: database.background,
    clock,
    settings: settings.TOTEM_AUDIT_STREAMS.map((address) => readStream(address.open())),
    ways: streamWays(egress),
    version: totemVersion(),
    log: logger,
  });
  const shared = { db, clock, vault, inbox, addresses };
  app = await createHttpServer({
    ...shared,
    auditStreams,
    sealedLog: createSealedLog({
      db: database.background,
      clock,
      keyRing,
      findWitness: (workspaceId) => readWitness(settings.TOTEM_DATA, workspaceId),
    }),
    agentUsers,
    approvals,
    handles,
    workflows,
    hostWorkflows,
    executors,
    host: studioHost,
    runs: engine,
    modelKeys: createModelKeys({ db, clock, keys: keyRing }),
    hostInstallations: createHostInstallations({ db, clock }),
    serviceKeys: createServiceKeys({ db, clock, keyRing }),
    secondStep,
    people,
    singleSignOn: createSingleSignOn({
      db,
      clock,
      keyRing,
      addresses,
      studioSessions,
      fetchAtProvider: egress.fetchAtProviderFor("sign-in"),
    }),
    mcpTokens: createMcpTokens({ db, clock }),
    proxyCredentials,
    proxyFacts: proxy.facts,
    workload: createWorkload({
      db,
      clock,
      fetchAtIssuer: egress.fetchAtProviderFor("issuer"),
      ownNames,
      addresses,
      defaultWorkspaceId,
    }),
    process: { version: totemVersion(), startedAt: clock.now(), databaseKind: database.kind },
    mailSettings: createMailSettings({
      db,
      clock,
      settings,
      inbox,
      mail: inboxRoom.mail,
      defaultWorkspaceId,
      egress,
    }),
    studioSessions,
    defaultWorkspaceId,
    workspaceName: async (id) =>
      (await db.selectFrom("workspace").select("name").where("id", "=", id).executeTakeFirstOrThrow()).name,
    authenticate: authenticate.bind(null, authentication),
    foreign: {
      ...ownNames,
      mayBeFramed: settings.TOTEM_FRAME_ANCESTORS !== "'none'",
      onRefusedCookie: ({ token, ip }) => recordForeignCookie(authentication, { hash: hashToken(token), ip }),
    },
    open: {
      findEnded: (open) => findEnded(authentication, open),
      onError: (err) => logger.warn({ err }, "open requests could not be checked"),
    },
    logger: logger as FastifyBaseLogger,
    requestsPerMinute: settings.TOTEM_RATE_LIMIT,
    addRoutes:
      settings.TOTEM_MCP === "on"
        ? mcpRoutes.bind(null, { ...shared, workflows, executors, host: studioHost, log: logger })
        : undefined,
    addDialects: registerDialects.bind(null, {
      ...shared,
      dialects: {
        v0: settings.TOTEM_API_V0 === "on",
        v1: settings.TOTEM_API_V1 === "on",
        v2: settings.TOTEM_API_V2 === "on",
      },
    }),
    frameAncestors: settings.TOTEM_FRAME_ANCESTORS,
    studioFolder: settings.TOTEM_STUDIO === "on" ? studioFolder : undefined,
  });
  await app.ready();

  const witnesses = {
    db: database.background,
    dataFolder: settings.TOTEM_DATA,
    onLost: (message: string) => logger.error(message),
  };
  const sealer = new Sealer({
    db: database.background,
    clock,
    keyRing,
    onBegin: () => checkWitnesses(witnesses),
    onSealed: (seals) => storeWitnesses(witnesses, seals),
    onError: (err) => logger.warn({ err }, "the audit log could not be sealed"),
  });
  const runs = engine;
  const start = async ({ mail, work = true }: { mail: boolean; work?: boolean }) => {
    if (database.kind === "postgres" && !(await mayOnlyAdd(db)))
      logger.info("one database role: it owns the audit log, and only a trigger refuses changes of it");
    await runs.start({ work });
    approvalSweeper.start();
    sealer.start();
    auditStreams.start();
    return inboxRoom.start({ mail });
  };
  const stop = async (): Promise<void> => {
    await proxy.close();
    await app.close();
    await Promise.all([inboxRoom.stop(), approvalSweeper.stop()]);
    await runs.stop();
    await sealer.stop();
    await auditStreams.stop();
    await egress.close();
    await database.close();
  };
  return { app, system, executors, start, proxy, addresses, studioSessions, stop };
}

/** Called only when the master key is proven right: a start that is refused creates no file. */
async function hashOrClose(getAdminKey: () => string, database: Database): Promise<string> {
  try {
    return hashToken(getAdminKey());
  } catch (error) {
    await database.close();
    throw error;
  }
}
