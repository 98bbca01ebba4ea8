/** The APIs beside our own, whose errors have a shape of their own. */
export const isDialect = (path: string): boolean => /^\/(v0|v1|api\/v2)(\/|$)/.test(path);

/** Our code in the error of any of the APIs. */
export const codeIn = (body: { code?: unknown; error?: unknown }): unknown =>
  typeof body.code === "string" ? body.code : body.error;
