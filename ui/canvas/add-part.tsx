import { createContext, type ReactNode, useContext } from "react";

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
