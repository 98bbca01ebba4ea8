/** The saved label of an edge: `tool` from a tool to an agent, `llm` from a model to an agent, empty where data flows. */
export type EdgeLabel = "tool" | "llm" | "";

/** One connection point of a node. Ids are saved in workflows and never renamed. */
export interface HandleContract {
  readonly id: string;
  readonly type: "source" | "target";
  readonly side: "top" | "right" | "bottom" | "left";
  readonly shape: "diamond" | "circle";
  /** The label of every edge at this handle. Two handles connect only when their labels are equal. */
  readonly edgeLabel: EdgeLabel;
  /** The word that is shown beside the handle. */
  readonly label?: string;
  /** A node cannot run without an edge here. */
  readonly required?: boolean;
  /** The most edges that this handle takes. Absent: any number. */
  readonly maxConnections?: number;
}

/** The diamond on top of every tool. An edge leads from it to an agent's Tools diamond. */
export const toolHandle: HandleContract = {
  id: "sub-source",
  type: "source",
  side: "top",
  shape: "diamond",
  edgeLabel: "tool",
  required: true,
};

/** The diamond on top of a model. An edge leads from it to an agent's Model diamond. */
export const modelHandle: HandleContract = {
  id: "sub-source",
  type: "source",
  side: "top",
  shape: "diamond",
  edgeLabel: "llm",
};

/** The two diamonds below an agent: one for its model, one for its tools. */
export const agentModelHandle: HandleContract = {
  id: "model",
  type: "target",
  side: "bottom",
  shape: "diamond",
  edgeLabel: "llm",
  label: "Model",
  required: true,
  maxConnections: 1,
};
export const agentToolsHandle: HandleContract = {
  id: "tools",
  type: "target",
  side: "bottom",
  shape: "diamond",
  edgeLabel: "tool",
  label: "Tools",
};

/** The circles for data: it flows in on the left and out on the right. */
export const flowInHandle: HandleContract = {
  id: "in",
  type: "target",
  side: "left",
  shape: "circle",
  edgeLabel: "",
};
export const flowOutHandle: HandleContract = {
  id: "out",
  type: "source",
  side: "right",
  shape: "circle",
  edgeLabel: "",
};
