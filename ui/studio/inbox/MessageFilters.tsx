import { useQuery } from "@tanstack/react-query";
import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { usernamePrefix } from "../../../plugin/username.ts";
import { listMailboxes } from "../api/inbox-endpoints.ts";
import { ChoiceFilter, Filters, TextFilter } from "../pages/Filters.tsx";
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
  const boxes = useQuery({ queryKey: ["inbox", "mailboxes"], queryFn: listMailboxes });
  const names = new Set(boxes.data?.flatMap(({ address, agent }) => (agent ? [agent, address] : [address])));
  return (
    <Filters label="Filter the messages">
      <TextFilter
        title="Address or agent"
        maxLength={320}
        value={filter.whose}
        proposals={names}
        onValue={(whose) => onFilter({ ...filter, whose })}
      />
      <ChoiceFilter
        title="Found"
        value={filter.kind}
        choices={[
          ["", "Anything or nothing"],
          ...Object.entries(kindWords).map(([kind, { words }]) => [kind, words] as const),
        ]}
        onValue={(kind) => onFilter({ ...filter, kind: kind as TypedFilter["kind"] })}
      />
    </Filters>
  );
}

/** What the server is asked for: mail addresses have an @, agents' names have none. */
export const askedFor = (whose: string): { address?: string; agent?: string } => {
  const name = whose.trim().toLowerCase();
  if (name === "") return {};
  return name.startsWith(usernamePrefix) && !name.includes("@") ? { agent: name } : { address: name };
};
