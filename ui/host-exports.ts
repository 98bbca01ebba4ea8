/** What a host imports whichever flow library it has: `xyflow.ts` and `reactflow.ts` export all of it. */
export { nodeCards as catalogue } from "../plugin/node-cards.ts";
export {
  type AddPart,
  AddPartProvider,
  type AnswerWait as WaitHelp,
  AnswerWaitProvider as WaitHelpProvider,
  type HandleRef as PartPlace,
  type NoteChange,
  NoteEditProvider,
} from "./canvas/card-actions.tsx";
export {
  type CardStates,
  CardStatesProvider,
  createCardStates,
  type PartStatus,
  type PartWait,
} from "./canvas/card-states.tsx";
export { type CodeSource, CodeSourceProvider, type ReadCode } from "./canvas/code/code-source.tsx";
export type { CodeWindow } from "./canvas/code/code-window.ts";
export {
  type CardIdentity,
  createIdentityStates,
  type IdentityStates,
  IdentityStatesProvider,
} from "./canvas/identity-states.tsx";
export { edgeLabelOf, isValidConnection, whyNotConnect } from "./canvas/validate-connection.ts";
export { edgeType } from "./create-node-types.tsx";
export { KeyboardWiring, type KeyboardWiringProps } from "./keyboard/KeyboardWiring.tsx";
export { readDraggedNode } from "./palette/node-drag.ts";
export { Palette } from "./palette/Palette.tsx";
