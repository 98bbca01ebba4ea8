import { expect, it } from "vitest";
import type { HostWorkflow } from "../../../../plugin/api/host-calls.ts";
import { groupByInstance } from "../../../../ui/studio/hosts/host-kinds.ts";
import { freeName } from "../../../../ui/studio/kit/free-name.ts";

const workflow = (slug: string, host: string, host_instance: string): HostWorkflow => ({
  id: slug,
  host,
  host_instance,
  workflow_id: slug,
  workflow_name: slug,
  slug,
  created_at: "2026-11-21T10:00:00Z",
  removed_at: null,
  identities: [],
});

it("puts workflows under their installation, and two installations of one builder apart", () => {
  const groups = groupByInstance([
    workflow("c", "n8n", "two"),
    workflow("b", "flowise", "one"),
    workflow("a", "n8n", "two"),
    workflow("d", "n8n", "one"),
  ]);
  expect(
    groups.map(({ host, instance, workflows }) => [host, instance, workflows.map(({ slug }) => slug).join()]),
  ).toEqual([
    ["n8n", "two", "c,a"],
    ["flowise", "one", "b"],
    ["n8n", "one", "d"],
  ]);
  expect(groupByInstance([])).toEqual([]);
});

it("proposes a name that no key has", () => {
  expect(freeName("n8n", [])).toBe("n8n");
  expect(freeName("n8n", ["n8n", "n8n 3"])).toBe("n8n 2");
});
