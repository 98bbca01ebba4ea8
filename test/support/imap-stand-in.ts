import { createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { createNotice } from "./notice.ts";

interface Stored {
  readonly uid: number;
  readonly raw: Buffer;
  readonly received: Date;
  readonly flags: Set<string>;
}

/** The arrival time of mail, unless a test sets another. */
export const arrived = new Date("2026-01-01T00:00:00Z");

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const imapDate = (date: Date): string => {
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return `${two(date.getUTCDate())}-${months[date.getUTCMonth()]}-${date.getUTCFullYear()} ${time} +0000`;
};

/** One mailbox with only the IMAP that is needed to watch it: a stand-in for another mail server. */
export async function startImapStandIn({ password = "right" } = {}) {
  const notice = createNotice();
  const messages: Stored[] = [];
  const moved: { readonly uid: number; readonly folder: string }[] = [];
  const commands: string[] = [];
  const idling = new Set<Socket>();
  const sockets = new Set<Socket>();
  let nextUid = 1;
  let validity = 7;

  /** The answer to FETCH for one message. */
  function fetched(message: Stored, items: string): Buffer {
    const parts: Buffer[] = [Buffer.from(`UID ${message.uid} FLAGS (${[...message.flags].join(" ")})`)];
    if (items.includes("RFC822.SIZE")) parts.push(Buffer.from(` RFC822.SIZE ${message.raw.length}`));
    if (items.includes("INTERNALDATE"))
      parts.push(Buffer.from(` INTERNALDATE "${imapDate(message.received)}"`));
    const end = message.raw.indexOf("\r\n\r\n") + 4;
    for (const [item, bytes] of [
      ["BODY[HEADER]", message.raw.subarray(0, end)],
      ["BODY[]", message.raw],
    ] as const)
      if (items.includes(item.replace("BODY", "BODY.PEEK")))
        parts.push(Buffer.from(` ${item} {${bytes.length}}\r\n`), bytes);
    return Buffer.concat(parts);
  }

  function find(criteria: string): Stored[] {
    const from = Number(/UID (\d+):\*/.exec(criteria)?.[1] ?? 0);
    const found = messages.filter(
      ({ uid, flags }) => uid >= from && !(/UNSEEN/.test(criteria) && flags.has("\\Seen")),
    );
    const last = messages.at(-1);
    // As real servers do: the star is the last message, also if it is less than the number before it.
    return found.length === 0 && from > 0 && last ? [last] : found;
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    let idleTag = "";
    let text = "";
    const say = (line: string | Buffer) => {
      if (!socket.destroyed) socket.write(Buffer.concat([Buffer.from(line as string), Buffer.from("\r\n")]));
    };
    const one = (range: string) => messages.filter(({ uid }) => String(uid) === range);
    const answer: Record<string, (rest: string) => string | undefined> = {
      capability: () => void say("* CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE"),
      login: (rest) => (rest.includes(password) ? undefined : "NO [AUTHENTICATIONFAILED] no"),
      namespace: () => void say('* NAMESPACE (("" "/")) NIL NIL'),
      list: (rest) => void say(rest.endsWith('""') ? '* LIST (\\Noselect) "/" ""' : '* LIST () "/" "INBOX"'),
      select: () => {
        say(`* ${messages.length} EXISTS`);
        say("* FLAGS (\\Seen)");
        say("* OK [PERMANENTFLAGS (\\Seen)] .");
        say(`* OK [UIDVALIDITY ${validity}] .`);
        say(`* OK [UIDNEXT ${nextUid}] .`);
        return "OK [READ-WRITE] selected";
      },
      // Looks into the mailbox and changes nothing.
      examine: () => {
        say(`* ${messages.length} EXISTS`);
        say(`* OK [UIDVALIDITY ${validity}] .`);
        return "OK [READ-ONLY] examined";
      },
      "uid search": (rest) =>
        void say(
          `* SEARCH ${find(rest)
            .map(({ uid }) => uid)
            .join(" ")}`,
        ),
      "uid fetch": (rest) => {
        for (const message of one(rest.split(" ")[0] ?? "")) {
          const head = Buffer.from(`* ${messages.indexOf(message) + 1} FETCH (`);
          say(Buffer.concat([head, fetched(message, rest), Buffer.from(")")]));
        }
        return undefined;
      },
      "uid store": (rest) => {
        for (const { flags } of one(rest.split(" ")[0] ?? "")) flags.add("\\Seen");
        return undefined;
      },
      "uid move": (rest) => {
        const [uid = "", folder = ""] = rest.split(" ");
        moved.push({ uid: Number(uid), folder: folder.replaceAll('"', "") });
        return undefined;
      },
      logout: () => void say("* BYE"),
    };
    const take = (line: string): void => {
      if (line === "DONE") {
        idling.delete(socket);
        say(`${idleTag} OK done`);
        return;
      }
      const [, tag = "", command = "", rest = ""] = /^(\S+) ((?:UID )?\S+) ?(.*)$/i.exec(line) ?? [];
      commands.push(command.toUpperCase());
      if (command.toUpperCase() === "IDLE") {
        idleTag = tag;
        idling.add(socket);
        say("+ idling");
        notice.happened();
        return;
      }
      const known = answer[command.toLowerCase()];
      say(`${tag} ${known ? (known(rest) ?? "OK done") : "BAD unknown"}`);
      if (command.toUpperCase() === "LOGOUT") socket.end();
      notice.happened();
    };
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      for (let end = text.indexOf("\r\n"); end >= 0; end = text.indexOf("\r\n")) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        take(line);
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      idling.delete(socket);
      sockets.delete(socket);
      notice.happened();
    });
    say("* OK ready");
  });
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    hangUp();
    server.close();
  });
  return {
    ...notice,
    port: (server.address() as { port: number }).port,
    messages,
    moved,
    commands,
    idling,
    hangUp,
    /** Another mailbox with the same name: the numbers of the old one are no longer valid. */
    renumber: () => {
      validity += 1;
    },
    /** A mail arrives, and clients in IDLE get a notice. */
    arrive: (raw: string, { received = arrived, seen = false } = {}): Stored => {
      const message = {
        uid: nextUid++,
        raw: Buffer.from(raw),
        received,
        flags: new Set(seen ? ["\\Seen"] : []),
      };
      messages.push(message);
      for (const socket of idling) socket.write(`* ${messages.length} EXISTS\r\n`);
      return message;
    },
  };
}
