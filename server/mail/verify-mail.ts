import { Readable } from "node:stream";
import { type DKIMResult, type DKIMVerifyResult, type DNSResolver, dkimVerify, dmarc, spf } from "mailauth";
import type { StatedResults } from "./authentication-results.ts";
import { hostOf, plainAddress, soleAuthor } from "./mail-address.ts";
import { type MailHeaders, repeatedFields } from "./mail-headers.ts";

export type Resolver = DNSResolver;

/** The server that sent the message to us, where we know it. */
export interface Client {
  readonly address: string;
  readonly helo: string;
  /** Of MAIL FROM; empty for a bounce. */
  readonly sender: string;
}

interface Request {
  readonly raw: Uint8Array;
  readonly headers: MailHeaders;
  /** Without one there is no SPF: it is about the server that connects. */
  readonly client?: Client;
  readonly resolver: Resolver;
  readonly now: Date;
  /** Ends the reading of a body that takes too long. */
  readonly timeIsUp: AbortSignal;
}

const mostSignatures = 5;
const mostSignatureLength = 8_000;

/**
 * A signature with `l=` covers the beginning of the body only, and an attacker may add to it. It counts as none
 * (RFC 6376 section 8.2).
 */
const isWhole = (signature: string): boolean =>
  signature.length <= mostSignatureLength && !/;\s*l\s*=/i.test(signature);

/** The message for verification: with a limited number of signatures, and without ARC, which we do not verify. */
function toVerify({ raw, headers, timeIsUp }: Request): { message: Readable; signatures: number } {
  const signatures = headers.fields
    .filter(({ name, value }) => name === "dkim-signature" && isWhole(value))
    .slice(0, mostSignatures);
  const kept = headers.fields.filter(
    (field) =>
      !field.name.startsWith("arc-") && (field.name !== "dkim-signature" || signatures.includes(field)),
  );
  const head = kept.map((field) => `${field.raw}\r\n`).join("");
  function* pieces() {
    yield Buffer.from(`${head}\r\n`, "latin1");
    for (let at = headers.bodyStart; at < raw.length; at += 65_536)
      yield Buffer.from(raw.buffer, raw.byteOffset + at, Math.min(65_536, raw.length - at));
  }
  return {
    message: Readable.from(pieces(), { objectMode: false, signal: timeIsUp }),
    signatures: signatures.length,
  };
}

/** mailauth says "neutral" where RFC 8601 section 2.7.1 has a more exact word. */
function resultOf({ status }: DKIMResult): string {
  if (status.result !== "neutral") return status.result;
  if (/body hash did not verify|expired/.test(status.comment ?? "")) return "fail";
  return "permerror";
}

type WithKeys = DKIMResult & { readonly signingHeaders?: { readonly keys?: string } };

/** A signature that leaves out the author or the subject would hold for any author and subject. */
function covers(result: WithKeys, { fields }: MailHeaders): boolean {
  const keys = (result.signingHeaders?.keys ?? "").toLowerCase().split(/[\s:]+/);
  return ["from", "subject"].every(
    (name) => keys.includes(name) || !fields.some((field) => field.name === name),
  );
}

async function verifySignatures(
  request: Request,
): Promise<{ dkim: string; verified: DKIMVerifyResult | undefined }> {
  const { message, signatures } = toVerify(request);
  if (signatures === 0) {
    const unsigned = request.headers.fields.every(({ name }) => name !== "dkim-signature");
    return { dkim: unsigned ? "none" : "policy", verified: undefined };
  }
  const { resolver, now, headers } = request;
  const verified = await dkimVerify(message, { resolver, curTime: now });
  const acceptable = repeatedFields(headers).length === 0;
  const results = verified.results.map((result) => {
    const word = resultOf(result);
    const sound = word !== "pass" || (acceptable && !result.status.underSized && covers(result, headers));
    return { result, word: sound ? word : "policy" };
  });
  const passed = results.filter(({ word }) => word === "pass");
  return {
    dkim: passed.length > 0 ? "pass" : (results[0]?.word ?? "none"),
    verified: { ...verified, results: passed.map(({ result }) => result) },
  };
}

/** The author's address for DMARC; undefined where mailauth finds another host in the same field. */
function authorOf(headers: MailHeaders, verified: DKIMVerifyResult | undefined): string | undefined {
  const author = soleAuthor(headers);
  if (!author || !verified) return author;
  const signed = [verified.headerFrom ?? []].flat().map((address) => plainAddress(address) ?? "");
  return signed.length === 1 && signed.every((one) => hostOf(one) === hostOf(author)) ? author : undefined;
}

/** SPF, DKIM and DMARC of a message that came straight to us. */
export async function verifyMail(request: Request): Promise<StatedResults> {
  const { client, resolver, headers } = request;
  const [{ dkim, verified }, sent] = await Promise.all([
    verifySignatures(request),
    client && spf({ ip: client.address, helo: client.helo, sender: client.sender, mta: "totem", resolver }),
  ]);
  const spfResult = sent?.status.result ?? null;
  const author = authorOf(headers, verified);
  // DMARC is about one author (RFC 7489 section 6.6.1): without one, no signature proves anything.
  if (!author) return { spf: spfResult, dkim, dmarc: "permerror" };
  const policy = await dmarc({
    headerFrom: [author],
    spfDomains: sent && spfResult === "pass" ? [sent.domain] : [],
    dkimDomains: (verified?.results ?? []).map(({ id, signingDomain }) => ({ id, domain: signingDomain })),
    resolver,
  });
  // Not knowing is not failing: what could not be looked up might have passed.
  const unsure = [spfResult, dkim].includes("temperror");
  const dmarcResult = policy ? policy.status.result : "permerror";
  return { spf: spfResult, dkim, dmarc: dmarcResult === "fail" && unsure ? "temperror" : dmarcResult };
}
