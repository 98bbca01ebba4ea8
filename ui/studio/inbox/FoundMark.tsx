import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { kindWords } from "./message-words.ts";

/** What was found: a sign and a word, never colour alone. */
export function FoundMark({ kind }: { kind: InboxMessageBody["kind"] }) {
  const { words, tone, icon: Icon } = kindWords[kind];
  return (
    <span className="found" data-tone={tone}>
      <Icon size={14} strokeWidth={2} aria-hidden />
      {words}
    </span>
  );
}
