import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { flowOutHandle } from "../handles.ts";

/** Starts a run from a button, with a text that is set on the canvas. */
export const triggerManual = defineNode({
  type: "trigger_manual",
  version: 1,
  kind: "trigger",
  palette: {
    label: "Manual Trigger",
    group: "Triggers",
    icon: "play",
    description: "Starts the workflow when you press Run.",
  },
  ports: {
    inputs: [],
    outputs: [
      { name: "input", type: "text", description: "The text below, or what the run was started with." },
    ],
  },
  handles: [flowOutHandle],
  config: z.object({
    input: z
      .string()
      .max(20_000)
      .default("")
      .meta({ title: "Input", description: "Given to the first agent.", format: "multiline" }),
  }),
  errors: [],
});
