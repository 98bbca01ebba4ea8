/** What the studio needs as soon as there is a run to show, in one file: the first view has none. */
export { followRun } from "./follow-run.ts";
export { viewRun } from "./run-view.ts";
export { Talk } from "./Talk.tsx";
