/** How the whole workflow is shown. The tools at the lower left lie below it. */
export const wholeView = { padding: { x: 0.14, top: 0.14, bottom: "64px" }, maxZoom: 1 } as const;
/** Smaller than this no card can be read. */
export const leastZoom = 0.3;
