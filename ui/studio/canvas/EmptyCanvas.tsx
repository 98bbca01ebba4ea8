import { useIsNarrow } from "../kit/useIsNarrow.ts";

/** What an empty canvas says: the whole way to a first run, in order, where there is room to go it. */
export const EmptyCanvas = () =>
  useIsNarrow() ? (
    <div className="empty-canvas">
      <h2>Nothing here yet</h2>
      <p>Building a workflow needs a wider window.</p>
    </div>
  ) : (
    <div className="empty-canvas">
      <h2>Build an agent with an identity</h2>
      <ol>
        <li>Drag a Chat Trigger and an Agent here, and wire them left to right.</li>
        <li>
          Drag an AI Model and wire its blue diamond to the agent’s Model diamond. In its settings, choose a
          provider or write the steps it plays.
        </li>
        <li>Drag Create Agent User and Get TOTP Code and wire their green diamonds to Tools.</li>
        <li>Send a message in the chat below.</li>
      </ol>
    </div>
  );
