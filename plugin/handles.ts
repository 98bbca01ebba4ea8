/** What an edge between two handles is called when it is saved. */
export type EdgeLabel = "tool" | "llm" | "";

/** One connection point of a node. Ids are saved in workflows and never renamed. */
export interface HandleContract {
  readonly id: string;
  readonly type: "source" | "target";
  readonly side: "top" | "right" | "bottom" | "left";
  readonly shape: "diamond" | "circle";
  /** The label of every edge made at this handle; two handles connect only when it is the same. */
  readonly edgeLabel: EdgeLabel;
  /** Shown beside the handle. */
  readonly label?: string;
  /** A node cannot run without an edge here. */
  readonly required?: boolean;
  /** The most edges this handle takes; absent means any number. */
  readonly maxConnections?: number;
}

/** On top of every tool: the diamond that is wired to an agent. */
export const toolHandle: HandleContract = {
  id: "sub-source",
  type: "source",
  side: "top",
  shape: "diamond",
  edgeLabel: "tool",
  required: true,
};

/** On top of a model: the same diamond, in the model's colour. */
export const modelHandle: HandleContract = {
  id: "sub-source",
  type: "source",
  side: "top",
  shape: "diamond",
  edgeLabel: "llm",
};

/** Below an agent, where its model and its tools are wired. */
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

/** Data flows in on the left and out on the right. */
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
