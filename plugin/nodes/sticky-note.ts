import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { plainText } from "../plain-text.ts";

/** A text on the canvas, for people. It has no handles and takes no part in a run. */
export const stickyNote = defineNode({
  type: "sticky_note",
  version: 1,
  kind: "note",
  palette: {
    label: "Sticky Note",
    group: "Notes",
    icon: "sticky-note",
    description: "A note for the people who open this canvas.",
  },
  ports: { inputs: [], outputs: [] },
  handles: [],
  config: z.object({
    text: plainText(5_000).default("").meta({
      title: "Text",
      description: "Shown on the note. Never write a secret here.",
      format: "multiline",
    }),
    color: z.enum(["yellow", "green", "blue", "pink"]).default("yellow").meta({ title: "Colour" }),
  }),
  errors: [],
});
