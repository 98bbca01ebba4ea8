export interface MessageParts {
  readonly title: string;
  readonly lines: readonly string[];
  readonly link: string;
  readonly linkWords: string;
}

/** In Slack's text these three signs begin mentions, links and entities. */
const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A section of plain text holds 3,000 signs. */
const plain = (text: string) => ({
  type: "section",
  text: { type: "plain_text", text: text.slice(0, 2_000), emoji: false },
});

/**
 * A message in the shape of Slack's incoming webhooks, which others take too: `text` for those that read nothing else.
 * What models and people wrote goes into plain text only, where it can mention no one and link nowhere.
 */
export const slackMessage = ({ title, lines, link, linkWords }: MessageParts) => ({
  text: `${escapeText(title)} <${link}|${linkWords}>`,
  blocks: [
    plain([title, ...lines].join("\n")),
    {
      type: "actions",
      elements: [{ type: "button", text: { type: "plain_text", text: linkWords }, url: link }],
    },
  ],
});
