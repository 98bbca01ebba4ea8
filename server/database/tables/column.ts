import type { ColumnType } from "kysely";

/** Written and read as a Date. No column has a default from the database's clock: times are passed in. */
export type Time = ColumnType<Date, Date, Date>;
export type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>;
export type Json<T> = ColumnType<T, string, string>;
