import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { createdLink, everyone, type LinkBody, type ListedPerson } from "../../plugin/api/people.ts";
import { problem } from "../../plugin/api/problem.ts";
import { type ErrorCode, errorCodes } from "../../plugin/error-codes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { rolesInWords } from "../../plugin/roles.ts";
import { systemClock } from "../clock.ts";
import { hostInUrl } from "../listen-on.ts";
import { adminKeyPath, loadAdminKey } from "../load-keys.ts";
import { openSystem } from "../open-system.ts";
import { createLink, type LinkParts, listEveryone } from "../people/links.ts";
import { readSettings, type Settings } from "../settings.ts";

const usage = `Usage: totem people <command>

Commands:
  list           The people of this installation, with their roles and workspaces.
  link <email>   A link that signs this person in once, within an hour. The id of the
                 list does too. Without an address: the only person, or the first.

Options:
  --lost-factors   With link: takes the person's passkeys, authenticator and password
                   away first. The only way back for a person who lost all of them.
`;

/** `totem people`: what the person at the server may do without signing in. */
export async function people(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: { help: { type: "boolean", short: "h" }, "lost-factors": { type: "boolean" } },
  });
  const [, verb, who, ...more] = positionals;
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  if ((verb !== "list" && verb !== "link") || more.length > 0 || (verb === "list" && who !== undefined)) {
    process.stderr.write(usage);
    return 2;
  }
  const settings = readSettings(process.env);
  const server = await findServer(settings);
  try {
    if (verb === "list") showPeople(await server.list());
    else showLink(await server.link(who, values["lost-factors"] === true));
  } catch (error) {
    if (!(error instanceof PluginError) || !["PERSON_NOT_FOUND", "INPUT_INVALID"].includes(error.code))
      throw error;
    process.stderr.write(`totem: ${error.message}\n`);
    return 1;
  } finally {
    await server.close();
  }
  return 0;
}

interface PeopleServer {
  readonly list: () => Promise<readonly ListedPerson[]>;
  readonly link: (who: string | undefined, withoutFactors: boolean) => Promise<LinkBody>;
  readonly close: () => Promise<void>;
}

/** The database itself; where a running server holds the embedded one, that server. */
async function findServer(settings: Settings): Promise<PeopleServer> {
  if (settings.DATABASE_URL === undefined && !existsSync(settings.TOTEM_DATA))
    throw new PluginError("SETTING_INVALID", {
      message: "TOTEM_DATA: there is no such folder. Start Totem first, or set TOTEM_DATA or DATABASE_URL.",
    });
  try {
    return await openHere(settings);
  } catch (error) {
    if (error instanceof PluginError && error.code === "DATA_FOLDER_IN_USE") return askRunning(settings);
    throw error;
  }
}

async function openHere(settings: Settings): Promise<PeopleServer> {
  const { database, defaultWorkspaceId } = await openSystem({
    settings,
    clock: systemClock,
    onError: () => {},
  });
  const parts: LinkParts = { db: database.kysely, clock: systemClock, defaultWorkspaceId };
  const address = settings.TOTEM_PUBLIC_URL ?? listeningAddress(settings);
  return {
    list: () => listEveryone(parts),
    link: async (email, withoutFactors) => {
      const actor = { kind: "system", id: "command line" } as const;
      const { token, person } = await createLink(parts, { actor, email, withoutFactors });
      return { link: `${address}/#sign-in=${token}`, person };
    },
    close: () => database.close(),
  };
}

const listeningAddress = ({ TOTEM_HOST, TOTEM_PORT }: Settings): string =>
  `http://${hostInUrl(TOTEM_HOST)}:${TOTEM_PORT}`;

/** With the administrator's key, which goes to this server and nowhere else. */
function askRunning(settings: Settings): PeopleServer {
  const url = process.env.TOTEM_URL === undefined ? listeningAddress(settings) : settings.TOTEM_URL;
  // A key that is created now would not be the server's.
  if (settings.TOTEM_ADMIN_KEY === undefined && !existsSync(adminKeyPath(settings)))
    throw new PluginError("SETTING_INVALID", {
      message:
        "A server uses this data folder, and its administrator's key is not in it. Set TOTEM_ADMIN_KEY.",
    });
  const key = loadAdminKey(settings);
  const ask = async (method: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/api/v1/people/links`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body ? { "content-type": "application/json" } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      redirect: "error",
    }).catch((cause: unknown) => {
      throw new PluginError("UPSTREAM_FAILED", {
        message: `A server uses this data folder, but none answers at ${url}. Set TOTEM_URL to its address.`,
        cause,
      });
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    throw refusalOf(answer, url);
  };
  return {
    list: async () => everyone.parse(await ask("GET")).people,
    link: async (email, withoutFactors) =>
      createdLink.parse(await ask("POST", { email, ...(withoutFactors ? { without_factors: true } : {}) })),
    close: async () => {},
  };
}

function refusalOf(answer: unknown, url: string): PluginError {
  const { data } = problem.safeParse(answer);
  if (data && data.code in errorCodes && data.code !== "UNAUTHENTICATED")
    return new PluginError(data.code as ErrorCode, { message: data.title });
  return new PluginError("UNAUTHENTICATED", {
    message: `The administrator's key of this data folder is not that of the server at ${url}. Set TOTEM_URL to its address.`,
  });
}

/** The link alone goes to standard output, so that it can be piped; the words about it are for people. */
function showLink({ link, person }: LinkBody): void {
  const whose = person
    ? `Signs in ${describe(person)} in the workspace ${person.workspace}`
    : "Makes the first owner";
  process.stderr.write(`${whose}. Works once, for an hour:\n`);
  process.stdout.write(`${link}\n`);
}

/** Without signs that a terminal obeys: people choose their names. */
const describe = ({ name, email, roles }: Pick<ListedPerson, "name" | "email" | "roles">): string => {
  const known = [name.replace(/\p{C}/gu, ""), email && `<${email}>`].filter(Boolean).join(" ");
  return `${known || "the person without a name"} (${rolesInWords(roles)})`;
};

function showPeople(found: readonly ListedPerson[]): void {
  if (found.length === 0) {
    process.stdout.write("There are no people yet. For a first link, run: totem people link\n");
    return;
  }
  for (const { id, last_seen_at, workspace, ...person } of found)
    process.stdout.write(
      `${id}  ${describe(person)}, workspace ${workspace}, ${last_seen_at ? `last seen ${last_seen_at}` : "never seen"}\n`,
    );
}
