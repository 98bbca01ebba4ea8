// Copied from plugin/hosts/enrolled-calls.ts by `npm run manifest`.
/** What Totem says of a key pair that was sent to it. */
export interface EnrolledKeyPair {
  readonly state: "pending" | "confirmed";
  readonly fingerprint: string;
}

interface EnrolledCall<Answer> {
  /** With which Totem, and with which key: its address and the key. It stays in this process. */
  readonly server: string;
  /** Sends the public key. undefined where it cannot: an older Totem, or a key that is refused. */
  enrol(): Promise<EnrolledKeyPair | undefined>;
  send(): Promise<Answer>;
  /** Whether Totem refused the signature. */
  isRefused(answer: Answer): boolean;
}

const confirmed = new Set<string>();

/**
 * Sends a call of a host that has a key pair. The key pair enrols itself before the first call, and again whenever Totem
 * does not know it: a person may have removed it. Answers also how far the enrolment is, while it is not confirmed.
 */
export async function callEnrolled<Answer>({
  server,
  enrol,
  send,
  isRefused,
}: EnrolledCall<Answer>): Promise<{
  readonly answer: Answer;
  readonly enrolled?: EnrolledKeyPair | undefined;
}> {
  let enrolled = confirmed.has(server) ? undefined : await enrol();
  if (enrolled?.state === "confirmed") confirmed.add(server);
  const answer = await send();
  if (!isRefused(answer)) return { answer, enrolled };
  confirmed.delete(server);
  enrolled ??= await enrol();
  return { answer, enrolled };
}

/** What a person must do before calls are accepted. */
export const confirmWords = ({ state, fingerprint }: EnrolledKeyPair): string =>
  state === "pending"
    ? `A person must confirm this machine in Totem, under Hosts. Its fingerprint is ${fingerprint}.`
    : "Totem knows this machine and refused its signature. Set the clocks of both machines right, then call again.";
