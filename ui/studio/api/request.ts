import type { z } from "zod";
import { type Problem, problem } from "../../../plugin/api/problem.ts";
import { setLapsed } from "../session.ts";
import { pageProof } from "./page-proof.ts";
import { takeSecondLook } from "./second-look.ts";

interface Refusal {
  /** 0 without an answer. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly problem?: Problem;
}

/** A request that the server refused or could not be reached for. Its texts are for people. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problem: Problem | undefined;

  constructor({ status, code, message, problem: body }: Refusal) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.problem = body;
  }

  /** The server could not be reached or could not answer now: trying again may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status >= 502 || this.problem?.retryable === true;
  }
}

export interface RequestOptions<T extends z.ZodType> {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  /** What the answer must look like; without it the answer's body is not read. */
  readonly answer?: T;
  /** Lets the request outlive the page. */
  readonly keepalive?: boolean;
  /**
   * Whether the person may be asked to prove that it is them. Only what a person does asks: a change does by itself, and a
   * read where the person asked to see something. What reads in the background must never open a dialog.
   */
  readonly asks?: boolean;
}

/** Paths used before sign-in: a refusal there does not mean that a session ended. */
const wayIn = /^\/api\/v1\/(whoami|auth\/(sign-in|claim)|people\/(auth\/|ways))/;
const notTheSession = new Set(["CODE_REJECTED", "SIGN_IN_REFUSED"]);

export async function request<T extends z.ZodType>(
  path: string,
  options: RequestOptions<T> = {},
): Promise<z.output<T>> {
  const { answer } = options;
  const response = await send(path, options);
  if (!answer) return undefined as z.output<T>;
  const parsed = answer.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw new ApiError({
    status: response.status,
    code: "ANSWER_UNREADABLE",
    message: "The server answered in a way this studio does not understand. Reload the page.",
  });
}

/** A text that is no JSON, such as a file. */
export const readText = async (path: string, options: RequestOptions<z.ZodType> = {}): Promise<string> =>
  (await send(path, options)).text();

/** Sends a request, and once more after the person has proved that it is them. */
async function send(path: string, options: RequestOptions<z.ZodType>): Promise<Response> {
  const { method = "GET", body, keepalive = false, asks = method !== "GET" && !keepalive } = options;
  const response = await reach(path, {
    method,
    keepalive,
    headers: {
      accept: "application/json, application/problem+json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.ok) return response;
  const error = await refusal(response);
  if (error.code === "FRESH_PROOF_NEEDED" && asks) {
    if (await takeSecondLook()) return send(path, { ...options, asks: false });
    throw new ApiError({ ...error, message: "Nothing was done, because you did not prove that it is you." });
  }
  // A wrong code or password is refused with the same status and does not end the session.
  if (error.status === 401 && !notTheSession.has(error.code) && !wayIn.test(path)) setLapsed(true);
  throw error;
}

export interface LinesOptions<T extends z.ZodType> {
  readonly line: T;
  readonly signal: AbortSignal;
  readonly onLine: (line: z.output<T>) => void;
}

/** A request that is answered line by line, as it happens (newline-delimited JSON). */
export async function requestLines<T extends z.ZodType>(
  path: string,
  { line, signal, onLine }: LinesOptions<T>,
): Promise<void> {
  const headers = { accept: "application/x-ndjson, application/problem+json" };
  const response = await reach(path, { method: "POST", headers, signal });
  if (response.status === 401) setLapsed(true);
  if (!response.ok) throw await refusal(response);
  if (!response.body) return;
  let rest = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) if (text !== "") onLine(line.parse(JSON.parse(text)));
  }
}

/** Sends a request with the proof of this page. */
export async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    const headers = { ...(init.headers as Record<string, string>), "x-totem-proof": pageProof() };
    return await fetch(path, { ...init, headers, credentials: "same-origin" });
  } catch {
    throw new ApiError({ status: 0, code: "UNREACHABLE", message: "The server cannot be reached." });
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const { status } = response;
  const parsed = problem.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) {
    const { title, detail, code } = parsed.data;
    return new ApiError({ status, code, message: detail ?? title, problem: parsed.data });
  }
  return new ApiError({ status, code: "UNKNOWN", message: `The server answered ${status}.` });
}

/** A sentence for people, for any thrown value. */
export function messageOf(error: unknown): string {
  if (!(error instanceof ApiError)) return "Something went wrong in the studio. Reload the page.";
  const fields = error.problem?.errors?.map(({ field, problem }) => `${field}: ${problem}`) ?? [];
  return [error.message, ...fields].join(" ");
}
