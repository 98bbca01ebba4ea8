import { type IDataObject, type INode, NodeOperationError } from "n8n-workflow";

/** Refusals that no other argument and no other call would change. */
const forPeople: ReadonlySet<string> = new Set(["AGENT_USER_DISABLED", "WORKFLOW_NOT_FOUND"]);

/**
 * The tool's answer, or an error for a person.
 *
 * When the model can act on a refusal (get a fresh code, have the message sent again, correct an argument, call another
 * tool first), the refusal is the answer and the run goes on. When only a person can act (a refused key, a disabled
 * account, a server that fails), the node stops: the model could only guess, and the person would not see the problem.
 */
export function readAnswer(answer: unknown, node: INode, itemIndex: number): IDataObject {
  const { statusCode, body } = answer as { statusCode: number; body: unknown };
  const known = isRecord(body) ? body : {};
  if (statusCode === 200 && isRecord(body)) return body;
  const isTools = known.success === false && typeof known.code === "string";
  if (isTools && statusCode < 500 && !forPeople.has(String(known.code))) return forModel(known);
  throw new NodeOperationError(node, messageFor(statusCode, known), {
    itemIndex,
    description: descriptionFor(statusCode, known),
  });
}

/** Whether Totem asks for a signature that counts. */
export function isSignatureRefused(answer: unknown): boolean {
  const { body } = answer as { body?: unknown };
  return isRecord(body) && body.code === "SIGNATURE_REFUSED";
}

/** The error for the person who runs this n8n: what to do in Totem. */
export const notSigned = (node: INode, { item, why }: { item: number; why: string | undefined }) =>
  new NodeOperationError(node, "Totem does not know this n8n yet", {
    itemIndex: item,
    description:
      why ??
      "Totem takes signed calls of this n8n only, and its key pair could not be enrolled. See it in Totem, under Hosts.",
  });

/** The tool's failure without the fields that only an HTTP client needs. */
function forModel({
  success,
  error,
  code,
  retryable,
  retry_after_seconds,
  details,
  fields,
}: IDataObject): IDataObject {
  const parts = { success, error, code, retryable, retry_after_seconds, details, fields };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

function messageFor(status: number, { code, error, detail }: IDataObject): string {
  const said = [error, detail].find((text) => typeof text === "string");
  if (status === 401) return "Totem refused the key of the credential";
  if (status === 403 && code === "FORBIDDEN") return "Totem does not let this key speak for this n8n";
  // Only an answer with a code is Totem's own text, which repeats nothing that was sent.
  if (typeof code === "string" && typeof said === "string") return withoutSecrets(said);
  return status === 200 || status === 404
    ? "There is no Totem at the URL of the credential, or it is too old"
    : `Totem could not do it (HTTP status ${status})`;
}

function descriptionFor(status: number, { code }: IDataObject): string | undefined {
  if (status === 401)
    return "It may have been withdrawn. Make a new one in Totem, with the scope hosts:call.";
  if (code === "FORBIDDEN")
    return "A key serves one n8n, and an n8n that has a key gets a further one by its name only. In Totem, under Hosts, make another key for this n8n.";
  return typeof code === "string" ? `Totem's code for this: ${withoutSecrets(code)}` : undefined;
}

/** Totem's texts hold no keys, but a proxy between Totem and n8n may add one. */
const withoutSecrets = (text: string): string => text.replaceAll(/totem_[\w-]+/g, "[hidden]").slice(0, 300);

const isRecord = (value: unknown): value is IDataObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
