import { createContext, type ReactNode, useContext } from "react";
import type { PartWait } from "./card-states.tsx";

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
