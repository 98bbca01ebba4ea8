import type { HostGraph, HostNode } from "../../server/hosts/host-graph.ts";

/** A builder that stores its canvases in its own shape: parts by id, and each bot lists what it may use. */
export interface OtherCanvas {
  title: string;
  parts: Record<
    string,
    | { kind: "bot"; caption: string; uses: string[] }
    | { kind: "plugin"; plugin: string; options?: Record<string, unknown> }
    | { kind: "timer" }
  >;
}

export const salesCanvas = (): OtherCanvas => ({
  title: "Sales flow",
  parts: {
    clock: { kind: "timer" },
    seller: { kind: "bot", caption: "Seller", uses: ["account", "code", "check", "clock"] },
    helper: { kind: "bot", caption: "Helper", uses: ["account", "code", "check"] },
    loner: { kind: "bot", caption: "Loner", uses: ["own"] },
    account: { kind: "plugin", plugin: "totem/create_agent_user" },
    code: { kind: "plugin", plugin: "totem/get_totp_code", options: { reveal: "value" } },
    check: { kind: "plugin", plugin: "totem/verify_totp_code" },
    own: { kind: "plugin", plugin: "totem/create_agent_user", options: { reveal: "handle" } },
    loose: { kind: "plugin", plugin: "totem/get_totp_code" },
    other: { kind: "plugin", plugin: "weather" },
  },
});

/** The code of such a builder that lets Totem follow its wires. */
export const graphOf = (canvases: ReadonlyMap<string, OtherCanvas>): HostGraph => ({
  getWorkflow(workflowId) {
    const canvas = canvases.get(workflowId);
    if (!canvas) return undefined;
    const parts = Object.entries(canvas.parts);
    return {
      name: canvas.title,
      nodes: parts.flatMap(([id, part]): HostNode[] => {
        if (part.kind === "bot") return [{ id, type: "agent", name: part.caption }];
        if (part.kind === "timer") return [];
        return [{ id, type: part.plugin.replace("totem/", ""), config: part.options }];
      }),
      toolEdges: parts.flatMap(([id, part]) =>
        part.kind === "bot" ? part.uses.map((tool) => ({ source: tool, target: id })) : [],
      ),
    };
  },
});
