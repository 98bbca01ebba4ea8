import type { Logger } from "pino";
import { mailCaller } from "./access/caller.ts";
import type { Clock } from "./clock.ts";
import type { Egress } from "./egress/egress.ts";
import { createInbox, type Inbox } from "./inbox/inbox.ts";
import type { WaitingRuns } from "./inbox/inbox-parts.ts";
import { createInboxSignals } from "./inbox/inbox-signals.ts";
import type { OpinionRequest } from "./inbox/second-opinion.ts";
import { createSourcePuller } from "./inbox/sources/pull-sources.ts";
import { createInboxSweeper } from "./inbox/sweep.ts";
import { type RunningMail, startMail } from "./mail/start-mail.ts";
import { askModel } from "./model/ask-model.ts";
import { fetchModelBy } from "./model/language-model.ts";
import type { System } from "./open-system.ts";
import type { Settings } from "./settings.ts";
import { createResolveModel, type ResolveModel } from "./workflow/resolve-model.ts";

export interface InboxOptions {
  readonly system: Pick<System, "database" | "keyRing" | "defaultWorkspaceId">;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly runs: WaitingRuns;
  readonly egress: Egress;
}

export interface RunningInbox {
  readonly inbox: Inbox;
  /** The ways mail comes in by, once they are open in this process. */
  readonly mail: () => RunningMail | undefined;
  /** With `mail`, also the ways mail comes in by: one process of a system has the port. */
  start(options: { readonly mail: boolean }): Promise<{ readonly smtpPort: number | undefined }>;
  stop(): Promise<void>;
}

/** The room of delivered codes with all that runs beside it: its signals, its sweeper, and the ways in. */
export function openInbox(options: InboxOptions): RunningInbox {
  const { settings, clock, logger, runs, egress } = options;
  const sendOutbound = egress.sendFor("source");
  const { database, keyRing, defaultWorkspaceId: workspaceId } = options.system;
  const warn = (message: string) => (err: unknown) => logger.warn({ err }, message);
  const signals = createInboxSignals({
    database,
    onError: warn("a notification about the inbox could not be sent"),
  });
  const ask = askOpinion.bind(
    null,
    createResolveModel({ db: database.kysely, keys: keyRing, fetchModel: fetchModelBy(egress) }),
  );
  const opinions = new Set<Promise<void>>();
  const inbox = createInbox({
    db: database.kysely,
    keyRing,
    clock,
    signals,
    runs,
    mailDomain: settings.TOTEM_MAIL_DOMAIN,
    onUnclear: (workspaceId, id) => {
      const asked = inbox
        .askSecondOpinion({ workspaceId, id, ask })
        .catch(warn("a second opinion could not be had"))
        .finally(() => opinions.delete(asked));
      opinions.add(asked);
    },
    keepBodiesMs: settings.TOTEM_INBOX_KEEP_HOURS * 3_600_000,
  });
  const sweeper = createInboxSweeper({
    expireWaits: inbox.expireWaits,
    purgeBodies: inbox.purgeBodies,
    forgetSeen: inbox.sources.forgetSeen,
    onError: warn("the inbox could not be swept"),
  });
  const puller = createSourcePuller({
    takeDue: inbox.sources.takeDue,
    ask: (source, stopping) => inbox.sources.ask(source, { ask: sendOutbound, stopping }),
    onError: warn("a source of messages could not be asked"),
  });
  let mail: RunningMail | undefined;
  return {
    inbox,
    mail: () => mail,
    async start({ mail: withMail }) {
      await signals.start();
      await inbox.sources.resolveAtStart().catch(warn("the mailboxes of sources could not be resolved"));
      sweeper.start();
      puller.start();
      if (withMail)
        // Mail is for the default workspace: the mail domain belongs to the server's operator.
        mail = await startMail({
          settings,
          knowsAddress: (address) => inbox.knowsAddress({ workspaceId, address }),
          deliver: (delivery) => inbox.receive(mailCaller(workspaceId), delivery),
          log: logger,
          clock,
          egress,
        });
      return { smtpPort: mail?.smtpPort };
    },
    async stop() {
      await mail?.stop();
      await Promise.all(opinions);
      await Promise.all([sweeper.stop(), puller.stop()]);
      await signals.stop();
    },
  };
}

/** A model's answer to one text. The model has no tools: it can say something, and do nothing. */
async function askOpinion(
  resolveModel: ResolveModel,
  { workspaceId, model, instructions, text, withinMs }: OpinionRequest,
): Promise<string> {
  const opened = await resolveModel(workspaceId, {
    id: "second-opinion",
    type: "ai_model",
    position: { x: 0, y: 0 },
    data: { config: { ...model } as Record<string, never> },
  });
  const answer = await askModel({
    opened,
    instructions,
    messages: [{ role: "user", content: text }],
    tools: [],
    signal: AbortSignal.timeout(withinMs),
  });
  return answer.text;
}
