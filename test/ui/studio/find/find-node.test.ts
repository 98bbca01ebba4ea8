import { expect, it } from "vitest";
import { findNodes } from "../../../../ui/studio/find/FindNode.tsx";
import { node } from "../../../support/build-workflow.ts";

const named = (id: string, type: string, label: string) => ({
  ...node(id, type),
  data: { label, config: {} },
});

const nodes = [
  node("agent_1", "agent"),
  named("agent_2", "agent", "Chief"),
  node("code", "get_totp_code"),
  named("odd", "whoami", "The chief's name"),
];
const ids = (query: string) => findNodes(nodes, query).map(({ id }) => id);

it("finds nodes by label, type and id, those that begin with it first", () => {
  expect(ids("")).toEqual(["agent_1", "agent_2", "code", "odd"]);
  expect(ids("CHIEF")).toEqual(["agent_2", "odd"]);
  expect(ids("totp get")).toEqual(["code"]);
  expect(ids("agent_2")).toEqual(["agent_2"]);
  expect(ids("whoami chief")).toEqual(["odd"]);
  expect(ids("nobody")).toEqual([]);
});
