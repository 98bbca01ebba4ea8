import { createContext, type ReactNode, useContext } from "react";
import type { PartWait } from "./card-states.tsx";

/** A handle of a node on the canvas. */
export interface HandleRef {
  readonly nodeId: string;
  readonly handleId: string;
}

export type AddPart = (handle: HandleRef) => void;

const AddPartContext = createContext<AddPart | undefined>(undefined);

/**
 * With it, every handle below a card that takes another part has a "+". Pass the same function every
 * time: a new one draws every card again.
 *
 * @example <AddPartProvider onAddPart={openQuickAdd}><ReactFlow … /></AddPartProvider>
 */
export const AddPartProvider = ({ onAddPart, children }: { onAddPart: AddPart; children: ReactNode }) => (
  <AddPartContext.Provider value={onAddPart}>{children}</AddPartContext.Provider>
);

export const useAddPart = (): AddPart | undefined => useContext(AddPartContext);

export type NoteChange = (nodeId: string, text: string) => void;

const NoteEditContext = createContext<NoteChange | undefined>(undefined);

/** With it, a double click on a sticky note writes on it. Pass the same function every time. */
export const NoteEditProvider = ({
  onNoteChange,
  children,
}: {
  onNoteChange: NoteChange;
  children: ReactNode;
}) => <NoteEditContext.Provider value={onNoteChange}>{children}</NoteEditContext.Provider>;

export const useNoteChange = (): NoteChange | undefined => useContext(NoteEditContext);

/** Opens the dialog in which a person answers a wait. */
export type AnswerWait = (nodeId: string, wait: PartWait) => void;

const AnswerWaitContext = createContext<AnswerWait | undefined>(undefined);

/**
 * With it, a card that waits for a code has a button by which a person picks the code or gives it. Pass the
 * same function every time: a new one draws every waiting card again.
 *
 * @example <AnswerWaitProvider onHelp={openPicker}><ReactFlow … /></AnswerWaitProvider>
 */
export const AnswerWaitProvider = ({
  onHelp,
  children,
}: {
  onHelp: AnswerWait | undefined;
  children: ReactNode;
}) => <AnswerWaitContext.Provider value={onHelp}>{children}</AnswerWaitContext.Provider>;

export const useAnswerWait = (): AnswerWait | undefined => useContext(AnswerWaitContext);
