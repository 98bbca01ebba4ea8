/** The senders a person wrote down, one a line or with commas, each once. */
export const sendersOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,;]+/)
      .map((sender) => sender.trim().toLowerCase())
      .filter((sender) => sender !== ""),
  ),
];
