import { z } from "zod";
import { problem } from "../../plugin/api/problem.ts";

interface Operation {
  responses?: Record<string, unknown>;
}

/** What every route may answer instead: a problem (RFC 9457) with one of our codes. Said once, for all routes. */
export function withProblems<T extends object>(document: T): T {
  const { paths = {}, components = {} } = document as {
    paths?: Record<string, Record<string, Operation>>;
    components?: Record<string, object>;
  };
  const { $schema: _version, ...schema } = z.toJSONSchema(problem, { target: "openapi-3.0" });
  const answer = {
    description: "What went wrong, with a stable code",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
  for (const operations of Object.values(paths)) {
    for (const operation of Object.values(operations))
      operation.responses = { ...operation.responses, default: answer };
  }
  return {
    ...document,
    components: {
      ...components,
      schemas: { ...(components as { schemas?: object }).schemas, Problem: schema },
    },
  };
}
