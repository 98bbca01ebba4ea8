import { PGlite } from "@electric-sql/pglite";

const setting = (text: string): string[] => ["-c", text];

/**
 * One connection needs no memory for a hundred: PostgreSQL's own defaults would make this process three
 * times as large.
 */
const small = ["shared_buffers=8MB", "max_connections=5", "wal_buffers=1MB"].flatMap(setting);

export const memoryStartParams: string[] = [...PGlite.defaultStartParams, ...small];

/**
 * PGlite starts PostgreSQL without fsync (`-F`). The default `wal_sync_method` is fdatasync, which
 * Emscripten swallows; fsync reaches `DurableNodeFs`.
 */
export const durableStartParams: string[] = [
  ...memoryStartParams.filter((param) => param !== "-F"),
  ...["fsync=on", "wal_sync_method=fsync", "min_wal_size=32MB", "max_wal_size=64MB"].flatMap(setting),
];
