import { createContext, type ReactNode, useContext } from "react";

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
