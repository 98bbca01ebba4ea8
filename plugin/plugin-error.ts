import { type ErrorCode, errorCodes } from "./error-codes.ts";

/** One refused field: its name and the reason, never its value. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

export interface PluginErrorOptions {
  /** A more exact sentence than the one in the table. It must not repeat what was sent. */
  readonly message?: string;
  readonly fields?: readonly FieldProblem[];
  /** Safe, structured facts for the caller, such as `problems` or `agents`. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
  /** What really happened. It goes to the log, and never to a person or a model. */
  readonly cause?: unknown;
}

/**
 * The only error class that is thrown on purpose. Status and text come from `errorCodes`.
 *
 * @example throw new PluginError("RATE_LIMITED", { retryAfterSeconds: 30 });
 */
export class PluginError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldProblem[] | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: PluginErrorOptions = {}) {
    super(options.message ?? errorCodes[code].message, { cause: options.cause });
    this.name = "PluginError";
    this.code = code;
    this.fields = options.fields;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }
}

/** What a tool answers when it cannot do its work: safe to show to a model. */
export interface ToolFailure {
  readonly success: false;
  readonly error: string;
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly retry_after_seconds?: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Turns an unknown error into `INTERNAL`, so that its text goes to the log only. */
export function asPluginError(error: unknown): PluginError {
  return error instanceof PluginError ? error : new PluginError("INTERNAL", { cause: error });
}

/** @example toToolFailure(new PluginError("CODE_REJECTED")) // { success: false, code: "CODE_REJECTED", retryable: true, error: "…" } */
export function toToolFailure(error: unknown): ToolFailure {
  const known = asPluginError(error);
  return {
    success: false,
    error: known.message,
    code: known.code,
    retryable: known.retryable,
    ...(known.retryAfterSeconds === undefined ? {} : { retry_after_seconds: known.retryAfterSeconds }),
    ...(known.details === undefined ? {} : { details: known.details }),
    ...(known.fields === undefined ? {} : { details: { fields: known.fields } }),
  };
}
