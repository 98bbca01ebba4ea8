import type { HostInstallation, HostWorkflow } from "../../../plugin/api/host-calls.ts";

/** The builders that are known by name; any other is called what it calls itself. */
const hostNames: Readonly<Record<string, string>> = {
  n8n: "n8n",
  flowise: "Flowise",
  langchain: "LangChain",
  "ai-sdk": "AI SDK",
};
export const hostInWords = (host: string): string => hostNames[host] ?? host;

export type HostKind = "n8n" | "flowise" | "code" | "other";

export interface KindOfHost {
  readonly kind: HostKind;
  readonly words: string;
  /** What a key for it is called unless the user changes it. */
  readonly keyName: string;
  readonly what: string;
  readonly page: string;
}

/** What can be connected with a key, and where the key goes. */
export const hostKinds: readonly KindOfHost[] = [
  {
    kind: "n8n",
    words: "n8n",
    keyName: "n8n",
    what: "In n8n, with n8n-nodes-totem installed: create a credential of the kind “Totem API” and paste both.",
    page: "docs/hosts/n8n.md",
  },
  {
    kind: "flowise",
    words: "Flowise",
    keyName: "Flowise",
    what: "In Flowise, with flowise-nodes-totem installed: add a credential of the kind “Totem API” and paste both.",
    page: "docs/hosts/flowise.md",
  },
  {
    kind: "code",
    words: "LangChain, AI SDK or code of your own",
    keyName: "My agents",
    what: "Give both to your program. The key is a secret: do not commit it to a repository.",
    page: "docs/hosts/README.md",
  },
  {
    kind: "other",
    words: "Another builder",
    keyName: "Builder",
    what: "The builder sends every call of a tool to /api/v1/host-calls at this address, with the key as a bearer token.",
    page: "docs/hosts/http.md",
  },
];

/** The kind of a builder that has called already. */
export const kindOfHost = (host: string): HostKind =>
  host === "n8n" || host === "flowise" ? host : host === "langchain" || host === "ai-sdk" ? "code" : "other";

/** n8n calls itself by 64 digits. The first are enough to tell two apart. */
export const shortInstance = (instance: string): string =>
  instance.length > 40 ? `${instance.slice(0, 12)}…` : instance;

export interface InstanceOfHost {
  readonly host: string;
  readonly instance: string;
  readonly workflows: readonly HostWorkflow[];
  /** Absent where the user may not see who speaks for it. */
  readonly installation?: HostInstallation;
}

/** Every installation: those with workflows in the order of the input, then those that have none yet. */
export function groupInstallations(
  workflows: readonly HostWorkflow[],
  installations: readonly HostInstallation[],
): readonly InstanceOfHost[] {
  const nameOf = (host: string, instance: string) => `${host} ${instance}`;
  const known = new Map(installations.map((one) => [nameOf(one.host, one.host_instance), one]));
  const groups = groupByInstance(workflows).map((group) => {
    const installation = known.get(nameOf(group.host, group.instance));
    known.delete(nameOf(group.host, group.instance));
    return installation ? { ...group, installation } : group;
  });
  const rest = [...known.values()].map((installation) => ({
    host: installation.host,
    instance: installation.host_instance,
    workflows: [],
    installation,
  }));
  return [...groups, ...rest];
}

/** Workflows by their installation, in the order of the input. */
export function groupByInstance(workflows: readonly HostWorkflow[]): readonly InstanceOfHost[] {
  const groups = Map.groupBy(workflows, ({ host, host_instance }) => `${host} ${host_instance}`);
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    return first ? [{ host: first.host, instance: first.host_instance, workflows: own }] : [];
  });
}
