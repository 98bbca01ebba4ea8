/** One row of the table of errors. */
export interface ErrorDefinition {
  /** The HTTP status. */
  readonly status: number;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  readonly message: string;
}

export const defineErrors = <const T extends Record<string, ErrorDefinition>>(table: T): T => table;
