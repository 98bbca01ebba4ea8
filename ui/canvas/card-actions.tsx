import { createContext, type ReactNode, useContext } from "react";
import type { PartWait } from "./card-states.tsx";

/** The handle somebody wants another part at. */
export interface PartPlace {
  readonly nodeId: string;
  readonly handleId: string;
}

export type AddPart = (place: PartPlace) => void;

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

/** Opens whatever lets a person answer a wait. */
export type WaitHelp = (nodeId: string, wait: PartWait) => void;

const WaitHelpContext = createContext<WaitHelp | undefined>(undefined);

/**
 * With it, a card that waits for a code has a button by which a person picks the code or gives it. Pass the
 * same function every time: a new one draws every waiting card again.
 *
 * @example <WaitHelpProvider onHelp={openPicker}><ReactFlow … /></WaitHelpProvider>
 */
export const WaitHelpProvider = ({ onHelp, children }: { onHelp: WaitHelp; children: ReactNode }) => (
  <WaitHelpContext.Provider value={onHelp}>{children}</WaitHelpContext.Provider>
);

export const useWaitHelp = (): WaitHelp | undefined => useContext(WaitHelpContext);
