import type { MailLog, Outcome } from "./mail-delivery.ts";

/** An answer that is no acceptance. Its words are ours alone: nothing that was sent is repeated. */
class SmtpReply extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

/** The enhanced codes (RFC 3463) are written here, since smtp-server knows one for each basic code only. */
export const replies = {
  unknownAddress: () => new SmtpReply(550, "5.1.1 There is no such address here"),
  tooManyUnknown: () => new SmtpReply(421, "4.7.0 Too many unknown recipients"),
  tooManyFromHere: () => new SmtpReply(421, "4.7.0 Too many connections from your address"),
  tryLater: () => new SmtpReply(451, "4.3.0 The mail could not be stored; try again later"),
  noRoom: () => new SmtpReply(452, "4.3.1 Too much mail at the moment; try again later"),
  tooLarge: () => new SmtpReply(552, "5.3.4 The mail is too large"),
  unreadable: () => new SmtpReply(554, "5.6.0 The mail is not written in a way that can be read"),
  refused: () => new SmtpReply(550, "5.7.1 The recipient does not take mail from this sender"),
} satisfies Record<string, () => SmtpReply>;

export function replyTo(outcome: Outcome): SmtpReply | null {
  if (outcome === "taken") return null;
  if (outcome === "try-later") return replies.tryLater();
  return outcome === "refused" ? replies.refused() : replies.unknownAddress();
}

type Answer = (error?: Error | null) => void;

/** Gives smtp-server what a promise comes to. What nobody foresaw is "try again later", and goes to the log. */
export function answer(work: Promise<Error | null>, log: MailLog, done: Answer): void {
  work.then(done, (err: NodeJS.ErrnoException) => {
    if (err.code === "ECONNECTION")
      log.info({ code: err.code }, "a sender went away in the middle of a mail");
    else log.warn({ err }, "a mail could not be taken");
    done(replies.tryLater());
  });
}
