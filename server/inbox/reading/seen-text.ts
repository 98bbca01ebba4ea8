/** Puts text together the way a page shows it: one space between words, one line break between blocks. */
export class SeenText {
  readonly #parts: string[] = [];
  #length = 0;
  #gap: "" | " " | "\n" | "\n\n" = "";

  get length(): number {
    return this.#length;
  }

  /** Where the next words will stand, or a little before when more space comes between. */
  get next(): number {
    return this.#length === 0 ? 0 : this.#length + this.#gap.length;
  }

  space(): void {
    this.#gap ||= " ";
  }

  line(): void {
    if (this.#gap !== "\n\n") this.#gap = "\n";
  }

  paragraph(): void {
    this.#gap = "\n\n";
  }

  /** Adds words whose spaces are single; returns where they stand. */
  add(words: string): [start: number, end: number] | undefined {
    if (words.startsWith(" ")) this.space();
    const trimmed = words.trim();
    if (trimmed) {
      const start = this.next;
      if (this.#length > 0) this.#parts.push(this.#gap);
      this.#parts.push(trimmed);
      this.#length = start + trimmed.length;
      this.#gap = words.endsWith(" ") ? " " : "";
      return [start, this.#length];
    }
    return undefined;
  }

  toString(): string {
    return this.#parts.join("");
  }
}
