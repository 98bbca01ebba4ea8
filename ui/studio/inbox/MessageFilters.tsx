import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { usernamePrefix } from "../../../plugin/username.ts";
import { listMailboxes } from "../api/inbox-endpoints.ts";
import { kindWords } from "./message-words.ts";

export interface TypedFilter {
  /** An address or an agent's name. */
  readonly whose: string;
  readonly kind: "" | InboxMessageBody["kind"];
}
export const noFilter: TypedFilter = { whose: "", kind: "" };

export interface MessageFiltersProps {
  readonly filter: TypedFilter;
  readonly onFilter: (filter: TypedFilter) => void;
}

/** Narrows the list to whose messages these are and what was found in them. */
export function MessageFilters({ filter, onFilter }: MessageFiltersProps) {
  const id = useId();
  const boxes = useQuery({ queryKey: ["inbox", "mailboxes"], queryFn: listMailboxes });
  const names = new Set(boxes.data?.flatMap(({ address, agent }) => (agent ? [agent, address] : [address])));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a form would be sent by Enter, and there is nothing to send.
    <div className="inbox__filters" role="search" aria-label="Filter the messages">
      <label className="inbox__filter">
        <span className="field__label">Address or agent</span>
        <input
          className="input"
          value={filter.whose}
          list={id}
          maxLength={320}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => onFilter({ ...filter, whose: target.value })}
        />
        <datalist id={id}>
          {[...names].map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </label>
      <label className="inbox__filter">
        <span className="field__label">Found</span>
        <select
          className="input"
          value={filter.kind}
          onChange={({ target }) => onFilter({ ...filter, kind: target.value as TypedFilter["kind"] })}
        >
          <option value="">Anything or nothing</option>
          {Object.entries(kindWords).map(([kind, { words }]) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** What the server is asked for: mail addresses have an @, agents' names have none. */
export const askedFor = (whose: string): { address?: string; agent?: string } => {
  const name = whose.trim().toLowerCase();
  if (name === "") return {};
  return name.startsWith(usernamePrefix) && !name.includes("@") ? { agent: name } : { address: name };
};
