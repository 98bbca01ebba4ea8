interface Range {
  from: number;
  to: number;
}

/**
 * Ids of the log up to `top` that were not visible yet. A row takes its id when its statement runs and is visible when
 * its transaction ends, so later ids may come first. An id whose transaction was rolled back never comes.
 */
export class MissingIds {
  #ranges: Range[] = [];
  #top: number;

  constructor(top: number) {
    this.#top = top;
  }

  /** The highest id that was seen. */
  get top(): number {
    return this.#top;
  }

  get ranges(): readonly Readonly<Range>[] {
    return this.#ranges;
  }

  /** These ids were seen now; ascending. */
  see(ids: readonly number[]): void {
    const late = new Set<number>();
    for (const id of ids) {
      if (id <= this.#top) late.add(id);
      else {
        if (id > this.#top + 1) this.#ranges.push({ from: this.#top + 1, to: id - 1 });
        this.#top = id;
      }
    }
    for (const id of late) this.#remove(id);
  }

  #remove(id: number): void {
    this.#ranges = this.#ranges.flatMap((range) => {
      if (id < range.from || id > range.to) return [range];
      const parts = [
        { from: range.from, to: id - 1 },
        { from: id + 1, to: range.to },
      ];
      return parts.filter(({ from, to }) => from <= to);
    });
  }

  /** No id up to this one comes any more. */
  giveUp(upTo: number): void {
    this.#ranges = this.#ranges
      .filter(({ to }) => to > upTo)
      .map(({ from, to }) => ({ from: Math.max(from, upTo + 1), to }));
  }
}
