import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { grantBody, rotateKeyBody, verifyBody } from "../../plugin/api/agent-users.ts";
import { auditQuery } from "../../plugin/api/audit-events.ts";
import { sessionBody, signInBody } from "../../plugin/api/auth.ts";
import { createModelKeyBody, createServiceKeyBody, createWorkspaceBody } from "../../plugin/api/keys.ts";
import { startRunBody } from "../../plugin/api/runs.ts";
import { callNodeBody, createWorkflowBody, updateWorkflowBody } from "../../plugin/api/workflows.ts";
import { catalogue, isTool } from "../../plugin/catalogue.ts";
import type { NodeContract } from "../../plugin/define-node.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import type { PluginError } from "../../plugin/plugin-error.ts";

const contracts: readonly NodeContract[] = catalogue;
const schemas: z.ZodObject[] = [
  ...contracts.map((contract) => contract.config),
  ...contracts.filter(isTool).map((tool) => tool.input),
];
const bodies: z.ZodType[] = [
  ...schemas,
  grantBody,
  rotateKeyBody,
  verifyBody,
  auditQuery,
  sessionBody,
  signInBody,
  createModelKeyBody,
  createServiceKeyBody,
  createWorkspaceBody,
  startRunBody,
  callNodeBody,
  createWorkflowBody,
  updateWorkflowBody,
];

/** The names of all fields any of our schemas knows, so that random bodies reach deep. */
const names = [
  ...new Set(
    bodies.flatMap((schema) =>
      [
        ...JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })).matchAll(
          /"([a-z_]+)":\{/g,
        ),
      ].map(([, name = ""]) => name),
    ),
  ),
];

const canary = "canary4711";
const leaf = fc.oneof(
  fc.constantFrom(
    canary,
    `${canary}\u0000`,
    canary.repeat(300),
    `https://${canary}@x`,
    `totem_key_${canary}`,
  ),
  fc.constantFrom(null, true, -1, 1e300, [canary], { value: canary }),
);
const body = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 6 }),
  ),
})).value;

describe("what is said about refused input", () => {
  it.each(bodies.map((schema, index) => [index, schema] as const))(
    "G4: names fields and never repeats a value (schema %i)",
    (_index, schema) => {
      fc.assert(
        fc.property(body, (value) => {
          try {
            parseInput(schema, value);
          } catch (error) {
            const { code, message, fields } = error as PluginError;
            expect(code).toBe("INPUT_INVALID");
            expect(JSON.stringify([message, fields])).not.toContain(canary);
          }
        }),
        { numRuns: 150 },
      );
    },
  );

  it("does not repeat the name of a field the caller made up", () => {
    const refused = () => parseInput(z.strictObject({ a: z.string() }), { a: "x", [canary]: 1 });
    expect(refused).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
    expect(refused).not.toThrow(canary);
  });

  it("does not repeat a key of a record", () => {
    const long = canary.repeat(20);
    const graph = { name: "x", nodes: [{ id: "a", type: "agent", data: { config: { [long]: 1 } } }] };
    try {
      parseInput(createWorkflowBody, graph);
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify([(error as PluginError).message, (error as PluginError).fields])).not.toContain(
        canary,
      );
    }
  });

  it("takes no address with credentials for a model key, where they would be listed", () => {
    const saves = (base_url: string) =>
      createModelKeyBody.safeParse({ name: "k", provider: "openai", key: "x", base_url }).success;
    expect(saves("https://user:pw@host/v1")).toBe(false);
    expect(saves("https://user@host")).toBe(false);
    expect(saves("https://host/v1/@x")).toBe(true);
    expect(saves("file:///etc/passwd")).toBe(false);
  });

  it("names at most 50 fields, whatever was sent", () => {
    const many = { name: "x", nodes: Array.from({ length: 500 }, () => ({})) };
    try {
      parseInput(createWorkflowBody, many);
      expect.unreachable();
    } catch (error) {
      expect((error as PluginError).fields?.length).toBe(50);
    }
  });
});
