import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface SmtpDialogue {
  /** Sends bytes as they are. */
  send(bytes: string | Uint8Array): void;
  /** Sends a line and resolves with the whole reply to it. */
  say(line: string): Promise<string>;
  /** The next whole reply, or "" if the other side has closed the connection. */
  reply(): Promise<string>;
  /** Resolves when the other side closes the connection. */
  readonly closed: Promise<void>;
  readonly socket: Socket;
}

/** A client that sends exactly what a test says, also what no client would send. The greeting has been read. */
export async function openSmtp(port: number): Promise<SmtpDialogue> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  let wake = () => {};
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    wake();
  });
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => {
      wake();
      resolve();
    });
  });
  const reply = async (): Promise<string> => {
    for (;;) {
      const whole = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n/.exec(text)?.[0];
      if (whole !== undefined) {
        text = text.slice(whole.length);
        return whole;
      }
      if (socket.destroyed) return "";
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const dialogue: SmtpDialogue = {
    send: (bytes) => void socket.write(bytes),
    say: (line) => {
      socket.write(`${line}\r\n`);
      return reply();
    },
    reply,
    closed,
    socket,
  };
  await reply();
  return dialogue;
}

/** The dialogue up to the message itself: `DATA` got 354. */
export async function openData(port: number, to: string): Promise<SmtpDialogue> {
  const dialogue = await openSmtp(port);
  for (const line of ["EHLO test", "MAIL FROM:<sender@example.test>", `RCPT TO:<${to}>`, "DATA"])
    await dialogue.say(line);
  return dialogue;
}
