import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { TestedMail } from "../../plugin/api/settings.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { imapAccountOf, type MailRoute, openOnce } from "./imap-poller.ts";

const withinMs = 20_000;

interface TestMessage {
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const refused = (message: string) => new PluginError("UPSTREAM_FAILED", { message });

/** Where this process reaches the address it listens on. */
const reachable = (host: string): string => (host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host);

/**
 * Sends one message to this server's own port, as any other mail server would. Answers what the server said to the
 * message: a reply of SMTP such as "250 OK".
 */
export async function sendToSelf({ host, port, from, to, subject, text }: TestMessage): Promise<string> {
  const socket = connect({ host: reachable(host), port, timeout: withinMs });
  socket.on("timeout", () => socket.destroy(new Error("The server did not answer in time.")));
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  // readline does not hear the errors of its input.
  const broken = new Promise<never>((_resolve, reject) => socket.once("error", reject));
  broken.catch(() => {});
  const reply = async (): Promise<string> => {
    for (;;) {
      const { value = "", done } = await Promise.race([lines.next(), broken]);
      if (done) throw refused("The server closed the connection.");
      // "250-" goes on, "250 " ends.
      if (/^\d{3} /.test(value)) return value;
    }
  };
  const say = async (line: string, wanted: string): Promise<string> => {
    socket.write(`${line}\r\n`);
    const said = await reply();
    if (!said.startsWith(wanted)) throw refused(said);
    return said;
  };
  try {
    await reply();
    await say("EHLO localhost", "2");
    await say(`MAIL FROM:<${from}>`, "2");
    await say(`RCPT TO:<${to}>`, "2");
    await say("DATA", "3");
    const head = [`From: Totem <${from}>`, `To: <${to}>`, `Subject: ${subject}`, "MIME-Version: 1.0"];
    const body = ["Content-Type: text/plain; charset=utf-8", "", text, "."];
    const said = await say([...head, ...body].join("\r\n"), "2");
    socket.write("QUIT\r\n");
    return said;
  } finally {
    socket.destroy();
  }
}

/** Signs in to the mailbox that the settings name, looks into its folder and leaves. */
export async function testMailbox(egress: MailRoute, url: string): Promise<TestedMail> {
  const account = imapAccountOf(url);
  try {
    const messages = await openOnce(egress, account, withinMs);
    return {
      ok: true,
      steps: [
        `Signed in to ${account.host}.`,
        `The folder ${account.mailbox} is there and has ${messages} ${messages === 1 ? "message" : "messages"}.`,
      ],
    };
  } catch (error) {
    return { ok: false, steps: [wordsOf(error as ImapProblem, account.host, account.mailbox)] };
  }
}

interface ImapProblem {
  readonly code?: string;
  readonly authenticationFailed?: boolean;
  readonly responseStatus?: string;
}

/** The server's own words may quote the mailbox. These are ours. */
function wordsOf(problem: ImapProblem, host: string, mailbox: string): string {
  if (problem.authenticationFailed) return `${host} refuses the user name or the password.`;
  if (problem.responseStatus === "NO") return `${host} has no folder ${mailbox} for this user.`;
  switch (problem.code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `No server has the name ${host}.`;
    case "ADDRESS_REFUSED":
      return `${host} is on this machine or inside its network. Add it to TOTEM_PRIVATE_URLS, as in: mail imaps://${host}.`;
    case "ECONNREFUSED":
      return `${host} takes no connections on that port.`;
    default:
      return `${host} did not answer as a mail server does${problem.code ? ` (${problem.code})` : ""}.`;
  }
}
