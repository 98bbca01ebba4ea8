/** How often a process that executes runs shows that it is alive. Three heartbeats fit in `deadAfterSeconds`. */
export const heartbeatMs = 3_000;

/** A process that is silent for so long counts as dead. */
export const deadAfterSeconds = 10;

/** How often a process looks for dead ones. */
export const lookForDeadMs = 1_000;
