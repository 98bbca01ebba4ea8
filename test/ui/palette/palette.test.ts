import { describe, expect, it } from "vitest";
import { catalogue } from "../../../plugin/catalogue.ts";
import { isNodeDrag, readDraggedNode, startNodeDrag } from "../../../ui/palette/node-drag.ts";
import { groupNodes, searchNodes } from "../../../ui/palette/search-nodes.ts";

describe("the palette's search", () => {
  it("finds a node by its label, its saved name and its description, in any case", () => {
    const found = (query: string) => searchNodes(catalogue, query).map(({ type }) => type);
    expect(found("TOTP")).toEqual(["get_totp_code", "verify_totp_code", "vault_totp"]);
    expect(found("get_totp")).toEqual(["get_totp_code"]);
    expect(found("account own")).toContain("create_agent_user");
    expect(found("no such thing")).toEqual([]);
    expect(found("  ")).toHaveLength(catalogue.length);
  });

  it("keeps every node in exactly one group, in the catalogue's order", () => {
    const groups = groupNodes(catalogue);
    expect(groups.flatMap(([, nodes]) => nodes)).toHaveLength(catalogue.length);
    expect(groups[0]?.[0]).toBe(catalogue[0].palette.group);
  });
});

describe("dragging a node", () => {
  const drag = () => {
    const data = new Map<string, string>();
    return {
      dataTransfer: {
        effectAllowed: "all",
        get types() {
          return [...data.keys()];
        },
        setData: (type: string, value: string) => void data.set(type, value),
        getData: (type: string) => data.get(type) ?? "",
      },
    };
  };

  it("carries a node type from the palette to the canvas", () => {
    const event = drag();
    startNodeDrag(event, "agent");
    expect(isNodeDrag(event)).toBe(true);
    expect(readDraggedNode(event)).toBe("agent");
  });

  it("leaves other drags alone", () => {
    const event = drag();
    event.dataTransfer.setData("text/plain", "agent");
    expect(isNodeDrag(event)).toBe(false);
    expect(readDraggedNode(event)).toBeUndefined();
    const unknown = drag();
    startNodeDrag(unknown, "not_a_node");
    expect(readDraggedNode(unknown)).toBeUndefined();
  });
});
