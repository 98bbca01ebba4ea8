import { type ErrorCode, errorCodes } from "./error-codes.ts";

/** One field that was refused: where it is and why, never its value. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

export interface PluginErrorOptions {
  /** A more exact sentence than the table's; it must not repeat what was sent. */
  readonly message?: string;
  readonly fields?: readonly FieldProblem[];
  /** Safe, structured facts for the caller, such as `problems` or `agents`. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
  /** What really happened. Goes to the log, never to a person or a model. */
  readonly cause?: unknown;
}

/** The only error class thrown on purpose. Its status comes from the table of codes. */
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

/** Unknown errors become INTERNAL here, so that their text reaches nobody but the log. */
export function asPluginError(error: unknown): PluginError {
  return error instanceof PluginError ? error : new PluginError("INTERNAL", { cause: error });
}

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
