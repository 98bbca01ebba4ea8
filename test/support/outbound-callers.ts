import { createApprovals } from "../../server/approvals/approvals.ts";
import { systemClock } from "../../server/clock.ts";
import type { ResolveName } from "../../server/egress/checked-lookup.ts";
import { egressLists } from "../../server/egress-lists.ts";
import { createInbox } from "../../server/inbox/inbox.ts";
import { createInboxSignals } from "../../server/inbox/inbox-signals.ts";
import type { DueSource } from "../../server/inbox/sources/pull-sources.ts";
import { testMailbox } from "../../server/mail/test-mail.ts";
import { askModel } from "../../server/model/ask-model.ts";
import { fetchModelBy, openLanguageModel } from "../../server/model/language-model.ts";
import { discoverProvider } from "../../server/people/single-sign-on-provider.ts";
import { readSettings } from "../../server/settings.ts";
import { agentWorkflow, node, toolEdge } from "./build-workflow.ts";
import { administratorOf, openTestRooms } from "./open-test-rooms.ts";
import { startTestServer } from "./start-test-server.ts";
import { testEgress } from "./test-egress.ts";

export const outboundCallers = [
  "model",
  "http_request",
  "platform_api",
  "source",
  "webhook",
  "mailbox",
  "sign-in",
] as const;
export type OutboundCaller = (typeof outboundCallers)[number];

interface CallersOptions {
  readonly settings: Readonly<Record<string, string>>;
  readonly resolve: ResolveName;
  /** Every address that the tool platform_api will be asked for: a base URL belongs to a node. */
  readonly urls: readonly string[];
}

/** Everything in Totem that sends something out, each as it is, with one list of the operator and one resolver. */
export async function openCallers({ settings, resolve, urls }: CallersOptions) {
  const rooms = await openTestRooms();
  const egress = testEgress({ ...egressLists(readSettings(settings)), resolve });
  const caller = administratorOf(rooms.workspaceId);
  const runs = { tell: async () => {}, resume: async () => {}, wake: () => {} };
  const inbox = createInbox({
    ...rooms,
    signals: createInboxSignals({ database: rooms.database, onError: () => {} }),
    runs,
    mailDomain: "agents.example",
    onUnclear: () => {},
    keepBodiesMs: 86_400_000,
  });
  const approvals = createApprovals({
    ...rooms,
    runs,
    sendOutbound: egress.sendFor("webhook"),
    addresses: { studioUrl: "http://studio.example" },
  });
  const source = await dueSource();
  const tools = await openTools();

  /** A source that a wait needs, as the process that asks it has it. */
  async function dueSource(): Promise<DueSource> {
    const address = "ask@agents.example";
    await inbox.sources.add(caller, {
      kind: "pull",
      name: "Asked",
      address,
      url: "https://api.example.com/v1",
    });
    await inbox.beginWait({ caller, address, type: "any", lookBackSeconds: 0, timeoutSeconds: 300 });
    const [due] = await inbox.sources.takeDue(1);
    if (!due) throw new Error("No source is due.");
    return due;
  }

  /** The tools run in a whole server: they need an agent, and its account. */
  async function openTools() {
    const server = await startTestServer({ settings, resolveName: resolve });
    const graph = agentWorkflow();
    const bases = new Map(urls.map((url, index) => [url, `platform-${index}`]));
    graph.nodes.push(node("http", "http_request"));
    for (const [base_url, id] of bases) graph.nodes.push(node(id, "platform_api", { base_url }));
    graph.edges.push(...["http", ...bases.values()].map((id) => toolEdge(id)));
    const slug = await server.addWorkflow(graph, "Tools");
    await server.call(slug, "create");
    const noted = () => server.log.flatMap((line) => JSON.parse(line).outbound ?? []);
    return { server, slug, bases, noted };
  }

  const ask: Record<OutboundCaller, (url: string) => Promise<unknown>> = {
    model: async (baseUrl) =>
      askModel({
        opened: await openLanguageModel(fetchModelBy(egress), {
          provider: "openai-compatible",
          model: "m",
          baseUrl,
        }),
        instructions: "",
        messages: [{ role: "user", content: "Hello?" }],
        tools: [],
        signal: AbortSignal.timeout(20_000),
      }),
    http_request: (url) => tools.server.call(tools.slug, "http", { url }),
    platform_api: (url) =>
      tools.server.call(tools.slug, tools.bases.get(url) ?? "", { method: "POST", path: "/x", body: {} }),
    source: async (url) => {
      const stopping = new AbortController().signal;
      // What went wrong is stored for a person to read; the log has it too.
      await inbox.sources.ask({ ...source, url }, { ask: egress.sendFor("source"), stopping });
      return { ok: egress.lines.at(-1)?.outbound.outcome === "answered" };
    },
    webhook: async (url) => {
      await approvals.setWebhook(caller, url);
      await approvals.testWebhook(caller);
    },
    mailbox: (url) => testMailbox(egress, `imap://user:password@${hostIn(url)}/INBOX`),
    "sign-in": (issuer) =>
      discoverProvider(
        { clock: systemClock, fetchAtProvider: egress.fetchAtProviderFor("sign-in") },
        { issuer: issuer.replace(/^http:/, "https:"), clientId: "totem", clientSecret: undefined },
      ),
  };
  return {
    /** Asks, and says what went wrong; undefined where nothing did. */
    ask: async (who: OutboundCaller, url: string): Promise<string | undefined> => {
      try {
        const answer = (await ask[who](url)) as { body?: { code?: string }; ok?: boolean } | undefined;
        return answer?.body?.code ?? (answer?.ok === false ? "FAILED" : undefined);
      } catch (error) {
        return (error as { code?: string }).code ?? String(error);
      }
    },
    /** What the way out has written down. */
    noted: () => [...egress.lines.map(({ outbound }) => outbound), ...tools.noted()],
    /** Where the server of the tools listens: not a way out. */
    ownPort: Number(new URL(tools.server.url).port),
    stop: async () => {
      await tools.server.stop();
      await rooms.close();
    },
  };
}

/** A mailbox has a host and a port, and nothing else of an address. */
const hostIn = (url: string): string => /^[a-z]*:?\/*(?:[^/?#\\]*@)?([^/?#\\]*)/i.exec(url.trim())?.[1] ?? "";
