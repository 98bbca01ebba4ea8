import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { flowOutHandle } from "../handles.ts";

/** Starts a run with the message a person typed. */
export const triggerChat = defineNode({
  type: "trigger_chat",
  version: 1,
  kind: "trigger",
  palette: {
    label: "Chat Trigger",
    group: "Triggers",
    icon: "message-circle",
    description: "Starts the workflow with a chat message.",
  },
  ports: { inputs: [], outputs: [{ name: "message", type: "text", description: "What the person wrote." }] },
  handles: [flowOutHandle],
  config: z.object({}),
  errors: [],
});
